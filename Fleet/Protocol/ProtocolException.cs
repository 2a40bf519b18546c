using Edge.Foundation;

namespace Edge.Fleet.Protocol;

/// <summary>A name or a message does not fit Edge's protocol.</summary>
/// <param name="message">One line: what is wrong, where, and what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class ProtocolException(string message, Exception? innerException = null)
    : InputException(message, innerException);
