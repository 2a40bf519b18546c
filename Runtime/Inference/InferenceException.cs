using Edge.Foundation;

namespace Edge.Inference;

/// <summary>
/// A model cannot be loaded or run here: the engine is missing, refuses the model, or the model does not fit its manifest.
/// The message is one line: what, where, what to do.
/// </summary>
/// <param name="message">One line: where, what, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class InferenceException(string message, Exception? innerException = null)
    : InputException(message, innerException);
