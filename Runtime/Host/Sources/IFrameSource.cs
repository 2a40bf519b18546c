namespace Edge.Runtime.Sources;

/// <summary>
/// Where frames come from: cameras, files, streams. One thread at a time. Once its buffers have grown, a frame allocates nothing
/// on the managed heap. What goes wrong is thrown; whoever runs the source disposes it, waits, and opens it again.
/// </summary>
internal interface IFrameSource : IDisposable
{
    /// <summary>Waits for the next frame and fills it.</summary>
    /// <param name="frame">Gets the bytes, what they are, and the frame's name.</param>
    /// <param name="pulse">To be told of every sign of life while waiting.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>True if there is a frame; false at the end of the source, or if the wait was ended.</returns>
    /// <exception cref="SourceException">The source gives nothing, or rubbish.</exception>
    bool Next(Frame frame, Pulse pulse, CancellationToken stop);
}
