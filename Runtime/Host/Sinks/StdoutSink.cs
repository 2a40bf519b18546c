namespace Edge.Runtime.Sinks;

/// <summary>Writes results to standard output, one JSON object a line. Several pipelines may share it.</summary>
internal sealed class StdoutSink : IResultSink
{
    private const int StandardOutput = 1;
    private static readonly Lock Gate = new();

    private byte[] _line = new byte[4096];

    public string Name => "stdout";

    public bool Write(ReadOnlySpan<byte> json)
    {
        Line.Make(json, ref _line);
        lock (Gate)
        {
            return LineOutput.WriteAll(StandardOutput, _line.AsSpan(0, json.Length + 1)) == 0;
        }
    }

    public void Dispose()
    {
    }
}
