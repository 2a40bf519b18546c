using Edge.Foundation;

namespace Edge.Judging;

/// <summary>A model or data cannot be explained or attacked as asked.</summary>
/// <param name="message">One line: what, where, what to do.</param>
public sealed class JudgingException(string message) : InputException(message);
