using Edge.Foundation;

namespace Edge.Training;

/// <summary>A model cannot be executed or trained as it is, or an option or a checkpoint does not fit it.</summary>
/// <param name="message">One line: what, where (node), what to do.</param>
/// <param name="innerException">What libtorch said.</param>
public sealed class TrainingException(string message, Exception? innerException = null) : InputException(message, innerException);
