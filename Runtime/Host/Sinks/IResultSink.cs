namespace Edge.Runtime.Sinks;

/// <summary>Where results go. A result allocates nothing on the managed heap. One thread at a time.</summary>
internal interface IResultSink : IDisposable
{
    /// <summary>What the sink is, for messages.</summary>
    string Name { get; }

    /// <summary>Hands a result over.</summary>
    /// <param name="json">The message, one JSON object without line ends.</param>
    /// <returns>False if it was dropped.</returns>
    bool Write(ReadOnlySpan<byte> json);
}
