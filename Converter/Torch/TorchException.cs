namespace Edge.Torch;

/// <summary>libtorch refused an operation: shapes, types or devices that do not go together, or no memory.</summary>
/// <param name="message">One line, with the operator's name where there is one.</param>
public sealed class TorchException(string message) : Exception(message);
