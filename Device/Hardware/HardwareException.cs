using Edge.Foundation;

namespace Edge.Hardware;

/// <summary>A camera, a bus, a chip or a line is not there, or does not do what was asked of it. The message is one line.</summary>
/// <param name="message">What, where, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class HardwareException(string message, Exception? innerException = null)
    : InputException(message, innerException);
