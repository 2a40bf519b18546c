using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Edge.Hardware.Cameras;
using Edge.Imaging;

namespace Edge.Runtime.Sources;

/// <summary>
/// One frame on its way: the bytes of a JPEG or PNG file, or raw pixels, in memory outside the managed heap that grows and
/// is used again, or in a camera's own memory until <see cref="Release"/>. One thread at a time; dispose it to give the memory back.
/// </summary>
internal sealed unsafe class Frame : IDisposable
{
    private readonly FileReader _files = new();
    private byte* _own;
    private byte* _bytes;
    private CameraBuffer? _lent;

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

    /// <summary>Bytes from one row of raw pixels to the next; 0 if there are no gaps.</summary>
    internal int Stride { get; private set; }

    internal PixelRange Range { get; private set; }

    /// <summary>The names of a reading's values; null for an image. The same object as long as they are the same.</summary>
    internal IReadOnlyList<string>? Columns { get; set; }

    /// <summary>The raw pixels; only where <see cref="Format"/> is not null.</summary>
    internal PixelView Pixels => new(Bytes, Width, Height, Format!.Value, Stride, Range);

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
        Release();
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
        (Name, Label, Format, Stride) = (name, label, null, 0);
        _bytes = _own;
        Ready = Stopwatch.GetTimestamp();
    }

    /// <summary>Says that the first bytes of the frame's own memory are raw pixels.</summary>
    internal void CompleteRaw(int length, PixelFormat format, int width, int height, PixelRange range, JsonEncodedText name, string label)
    {
        Length = length;
        Complete(name, label);
        Describe(format, width, height, 0, range);
    }

    /// <summary>Becomes a copy of another frame, in its own memory.</summary>
    internal void CopyFrom(Frame other)
    {
        (Begun, Length) = (other.Begun, 0);
        Append(other.Bytes);
        _bytes = _own;
        (Name, Label, Ready) = (other.Name, other.Label, other.Ready);
        (Format, Width, Height, Stride, Range) = (other.Format, other.Width, other.Height, other.Stride, other.Range);
    }

    /// <summary>Takes a camera's frame where it lies.</summary>
    internal void Borrow(CameraBuffer buffer, JsonEncodedText name, string label)
    {
        Complete(name, label);
        _lent = buffer;
        _bytes = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Bytes));
        (Length, Begun) = (buffer.Length, buffer.Timestamp);
    }

    /// <summary>Copies a camera's frame.</summary>
    internal void Copy(CameraBuffer buffer, JsonEncodedText name, string label)
    {
        Append(buffer.Bytes);
        Complete(name, label);
        Begun = buffer.Timestamp;
    }

    /// <summary>Says that the frame holds raw pixels.</summary>
    internal void Describe(PixelFormat format, int width, int height, int stride, PixelRange range) =>
        (Format, Width, Height, Stride, Range) = (format, width, height, stride, range);

    /// <summary>Gives a camera's memory back; the frame is empty then.</summary>
    internal void Release()
    {
        if (_lent is { } buffer)
        {
            _lent = null;
            _bytes = null;
            Length = 0;
            buffer.Release();
        }
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
        Release();
        NativeMemory.Free(_own);
        _own = null;
        _bytes = null;
        (Capacity, Length) = (0, 0);
        _files.Dispose();
    }
}
