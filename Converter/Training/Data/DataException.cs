using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>A data set is missing or damaged.</summary>
/// <param name="message">One line: file, what, what to do.</param>
/// <param name="innerException">The failure underneath.</param>
public sealed class DataException(string message, Exception? innerException = null) : InputException(message, innerException);
