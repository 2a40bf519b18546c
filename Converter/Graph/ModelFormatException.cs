using Edge.Foundation;

namespace Edge.Graph;

/// <summary>A file is not an ONNX model, or not one that follows the specification.</summary>
/// <param name="message">One line: what, where (file, node, tensor), what to do.</param>
/// <param name="innerException">The parser's own error, if there is one.</param>
public sealed class ModelFormatException(string message, Exception? innerException = null)
    : InputException(OneLine.Of(message), innerException);
