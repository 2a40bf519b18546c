namespace Edge.Runtime.Sinks;

/// <summary>A message with its line end, so that one call writes both.</summary>
internal static class Line
{
    /// <summary>Copies a message and its line end into a buffer that grows to the longest.</summary>
    internal static void Make(ReadOnlySpan<byte> json, ref byte[] line)
    {
        if (line.Length <= json.Length)
        {
            line = new byte[json.Length * 2];
        }
        json.CopyTo(line);
        line[json.Length] = (byte)'\n';
    }
}
