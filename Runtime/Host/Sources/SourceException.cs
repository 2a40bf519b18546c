using Edge.Foundation;

namespace Edge.Runtime.Sources;

/// <summary>A source gives no frames, or rubbish. It is opened again after a while; the message is one line.</summary>
internal sealed class SourceException(string message, Exception? innerException = null)
    : InputException(message, innerException);
