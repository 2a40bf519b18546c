using Edge.Foundation;

namespace Edge.Torch;

/// <summary>The training engine cannot start on this machine: libtorch or the shim over it is missing or does not fit.</summary>
/// <param name="message">One line: what is missing and how to install it.</param>
/// <param name="innerException">What the loader said.</param>
public sealed class TorchUnavailableException(string message, Exception? innerException = null)
    : InputException(message, innerException);
