using Edge.Foundation;

namespace Edge.Zoo;

/// <summary>The zoo has no such architecture, or it cannot be built as asked.</summary>
/// <param name="message">One line: what is wrong and what to do.</param>
public sealed class ZooException(string message) : InputException(message);
