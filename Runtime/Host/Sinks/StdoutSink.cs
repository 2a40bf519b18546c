using Edge.Runtime.Configuration;

namespace Edge.Runtime.Sinks;

/// <summary>Writes messages to standard output, one JSON object a line. Several pipelines may share it.</summary>
/// <param name="config">Which messages are taken.</param>
internal sealed class StdoutSink(SinkConfig config) : IResultSink
{
    private const int StandardOutput = 1;
    private static readonly Lock Gate = new();

    private byte[] _line = new byte[4096];

    public string Name => "stdout";

    public bool Write(MessageKind kind, ReadOnlySpan<byte> message)
    {
        if (!config.Takes(kind))
        {
            return true;
        }
        Line.Make(message, ref _line);
        lock (Gate)
        {
            return LineOutput.WriteAll(StandardOutput, _line.AsSpan(0, message.Length + 1)) == 0;
        }
    }

    public void Dispose()
    {
    }
}
