using System.Runtime.InteropServices;
using System.Text.Json;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Sensors;

/// <summary>A reading as the bytes of a frame: when it was taken (ticks of <see cref="DateTime"/>, UTC), then one float32 a column.</summary>
internal static class Reading
{
    /// <summary>Makes a frame of a reading.</summary>
    /// <param name="frame">The frame, begun.</param>
    /// <param name="time">When it was taken.</param>
    /// <param name="values">One a column; NaN where one is missing.</param>
    /// <param name="columns">The names of the columns; the same object as long as they are the same.</param>
    /// <param name="name">The source's name in messages.</param>
    /// <param name="label">The same for the log.</param>
    internal static void Write(Frame frame, long time, ReadOnlySpan<float> values, IReadOnlyList<string> columns, JsonEncodedText name, string label)
    {
        frame.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in time)));
        frame.Append(MemoryMarshal.AsBytes(values));
        frame.Columns = columns;
        frame.Complete(name, label);
    }

    /// <summary>When a frame's reading was taken.</summary>
    internal static long Time(Frame frame) => MemoryMarshal.Read<long>(frame.Bytes);

    /// <summary>A frame's values, one a column.</summary>
    internal static ReadOnlySpan<float> Values(Frame frame) => MemoryMarshal.Cast<byte, float>(frame.Bytes[sizeof(long)..]);
}
