namespace Edge.Runtime.Sinks;

/// <summary>
/// Where messages go. A message allocates nothing on the managed heap. Results and events come from one thread at a time; snapshots
/// may come from another at the same time.
/// </summary>
internal interface IResultSink : IDisposable
{
    /// <summary>What the sink is, for messages.</summary>
    string Name { get; }

    /// <summary>Hands a message over; one that the sink does not take is passed over.</summary>
    /// <param name="kind">What the message is.</param>
    /// <param name="message">One JSON object without line ends, or a JPEG file.</param>
    /// <returns>False if it was dropped.</returns>
    bool Write(MessageKind kind, ReadOnlySpan<byte> message);
}
