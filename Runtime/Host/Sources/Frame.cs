using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Edge.Imaging;

namespace Edge.Runtime.Sources;

/// <summary>
/// One frame on its way: the bytes of a JPEG or PNG file, or raw pixels, in memory outside the managed heap that grows and
/// is used again. One thread at a time; dispose it to give the memory back.
/// </summary>
internal sealed unsafe class Frame : IDisposable
{
    private readonly FileReader _files = new();
    private byte* _own;
    private byte* _bytes;

    /// <summary>What was looked at, for messages: encoded once by the source.</summary>
    internal JsonEncodedText Name { get; private set; }

    /// <summary>The same for the log: a path, or the name of a stream.</summary>
    internal string Label { get; private set; } = "";

    /// <summary>Bytes of the frame.</summary>
    internal int Length { get; private set; }

    /// <summary>Bytes that the frame's own memory holds.</summary>
    internal int Capacity { get; private set; }

    /// <summary>The format of raw pixels; null for a JPEG or PNG file.</summary>
    internal PixelFormat? Format { get; private set; }

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    internal PixelRange Range { get; private set; }

    /// <summary>When reading the frame began (<see cref="Stopwatch"/>).</summary>
    internal long Begun { get; private set; }

    /// <summary>When its last byte was there.</summary>
    internal long Ready { get; private set; }

    /// <summary>The frame's bytes.</summary>
    internal ReadOnlySpan<byte> Bytes => new(_bytes, Length);

    /// <summary>The frame's own memory, to be written by a source.</summary>
    internal Span<byte> Memory => new(_own, Capacity);

    /// <summary>Starts the clock of a frame.</summary>
    internal void Begin()
    {
        Begun = Stopwatch.GetTimestamp();
        Length = 0;
    }

    /// <summary>Makes room in the frame's own memory and keeps what is there.</summary>
    internal void Reserve(int bytes)
    {
        if (bytes > Capacity)
        {
            int capacity = (int)Math.Min(int.MaxValue, Math.Max(bytes, 2L * Capacity));
            _own = (byte*)NativeMemory.Realloc(_own, (nuint)capacity);
            Capacity = capacity;
        }
    }

    /// <summary>Adds bytes to the frame's own memory.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(Length + bytes.Length);
        bytes.CopyTo(Memory[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Takes bytes away from the end.</summary>
    internal void Truncate(int length) => Length = length;

    /// <summary>Says that what was appended is the whole frame, an image file.</summary>
    internal void Complete(JsonEncodedText name, string label)
    {
        (Name, Label, Format) = (name, label, null);
        _bytes = _own;
        Ready = Stopwatch.GetTimestamp();
    }

    /// <summary>Says that the first bytes of the frame's own memory are raw pixels.</summary>
    internal void CompleteRaw(int length, PixelFormat format, int width, int height, PixelRange range, JsonEncodedText name, string label)
    {
        Length = length;
        Complete(name, label);
        (Format, Width, Height, Range) = (format, width, height, range);
    }

    /// <summary>Becomes a copy of another frame, in its own memory.</summary>
    internal void CopyFrom(Frame other)
    {
        (Begun, Length) = (other.Begun, 0);
        Append(other.Bytes);
        _bytes = _own;
        (Name, Label, Format, Width, Height, Range, Ready) = (other.Name, other.Label, other.Format, other.Width, other.Height, other.Range, other.Ready);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ImageException">The file cannot be read.</exception>
    internal void Load(string path, JsonEncodedText name)
    {
        (Name, Label, Format) = (name, path, null);
        Length = 0;
        ReadOnlySpan<byte> file = _files.Read(path);
        _bytes = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(file));
        Length = file.Length;
        Ready = Stopwatch.GetTimestamp();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_own);
        _own = null;
        _bytes = null;
        (Capacity, Length) = (0, 0);
        _files.Dispose();
    }
}
