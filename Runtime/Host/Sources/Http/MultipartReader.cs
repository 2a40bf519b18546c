using System.Buffers.Text;
using System.Text;

namespace Edge.Runtime.Sources.Http;

/// <summary>
/// Takes the parts of a multipart body (RFC 2046) one by one, with or without lengths, each within bounds of size.
/// After warm-up a part allocates nothing. One thread at a time; dispose it to give its memory back, not the response.
/// </summary>
internal sealed class MultipartReader : IDisposable
{
    private const int MaximumLine = 8 << 10;
    private const int MaximumLines = 64;
    private const int MaximumBoundary = 200;

    /// <summary>What may stand between two parts, where a camera pads or begins oddly.</summary>
    private const int MaximumGap = 1 << 20;

    private readonly HttpResponse _body;
    private readonly string _label;
    private readonly int _maximumPart;
    private readonly byte[] _delimiter;
    private readonly Frame _line = new();
    private bool _isPastDelimiter;

    /// <summary>Prepares for a body.</summary>
    /// <param name="body">The response; its type must be a multipart one.</param>
    /// <param name="label">Its name, for messages.</param>
    /// <param name="maximumPart">The most bytes of a part.</param>
    /// <exception cref="SourceException">The type is another, or names no boundary.</exception>
    internal MultipartReader(HttpResponse body, string label, int maximumPart)
    {
        (_body, _label, _maximumPart) = (body, label, maximumPart);
        string type = body.ContentType;
        if (!type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            string kind = type.Length == 0 ? "something without a type" : type[..Math.Min(type.Length, 60)];
            throw new SourceException($"{label}: sends {kind}, not multipart/x-mixed-replace: give the address of the MJPEG stream");
        }
        string boundary = Boundary(type);
        if (boundary.Length is 0 or > MaximumBoundary)
        {
            throw new SourceException($"{label}: names no boundary between its frames");
        }
        // Some cameras write the dashes into the parameter.
        _delimiter = Encoding.Latin1.GetBytes(boundary.StartsWith("--", StringComparison.Ordinal) ? boundary : $"--{boundary}");
    }

    /// <summary>Reads the next part that is an image.</summary>
    /// <param name="frame">Gets its bytes.</param>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="SourceException">The stream is malformed or out of bounds.</exception>
    internal bool Next(Frame frame)
    {
        while (true)
        {
            _line.Begin();
            if ((!_isPastDelimiter && !ReadUntil(_delimiter, _line, MaximumGap)) || !ReadHeader(out int length, out bool isImage))
            {
                return false;
            }
            frame.Begin();
            _isPastDelimiter = length < 0;
            if (length >= 0)
            {
                ReadCounted(frame, length);
            }
            else if (!ReadUntil(_delimiter, frame, _maximumPart))
            {
                return false;
            }
            if (isImage && frame.Length > 0)
            {
                return true;
            }
        }
    }

    public void Dispose() => _line.Dispose();

    private static string Boundary(string type)
    {
        foreach (string parameter in type.Split(';'))
        {
            string trimmed = parameter.Trim();
            if (trimmed.StartsWith("boundary=", StringComparison.OrdinalIgnoreCase))
            {
                return trimmed["boundary=".Length..].Trim().Trim('"');
            }
        }
        return "";
    }

    /// <summary>Reads the rest of the delimiter's line, and the fields up to an empty line.</summary>
    /// <returns>False at the end of the stream.</returns>
    private bool ReadHeader(out int length, out bool isImage)
    {
        (length, isImage) = (-1, true);
        for (int i = 0; i < MaximumLines; i++)
        {
            _line.Begin();
            if (!ReadUntil("\n"u8, _line, MaximumLine))
            {
                return false;
            }
            ReadOnlySpan<byte> line = _line.Memory[.._line.Length].TrimEnd((byte)'\r');
            if (i == 0 && line.StartsWith("--"u8))
            {
                return false;
            }
            if (i > 0 && line.IsEmpty)
            {
                return true;
            }
            ReadField(line, ref length, ref isImage);
        }
        throw new SourceException($"{_label}: a frame has a header of more than {MaximumLines} lines");
    }

    private void ReadField(ReadOnlySpan<byte> line, ref int length, ref bool isImage)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return;
        }
        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            bool good = Utf8Parser.TryParse(value, out long count, out int used) && used == value.Length && count >= 0;
            if (!good || count > _maximumPart)
            {
                throw new SourceException($"{_label}: a frame's length is malformed, or more than the {_maximumPart} bytes that are read");
            }
            length = (int)count;
        }
        else if (Ascii.EqualsIgnoreCase(name, "content-type"u8))
        {
            isImage = value.Length >= 6 && Ascii.EqualsIgnoreCase(value[..6], "image/"u8);
        }
    }

    private void ReadCounted(Frame frame, int length)
    {
        // Grows with what arrives, not with what a header promises.
        while (frame.Length < length)
        {
            ReadOnlySpan<byte> there = _body.Peek();
            if (there.IsEmpty)
            {
                throw new SourceException($"{_label}: the stream ends in the middle of a frame");
            }
            int count = Math.Min(there.Length, length - frame.Length);
            frame.Append(there[..count]);
            _body.Use(count);
        }
    }

    /// <summary>Reads up to a mark and past it.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="target">Gets what is before the mark, without a line end.</param>
    /// <param name="maximum">The most bytes before the mark.</param>
    /// <returns>False if the stream ended before.</returns>
    private bool ReadUntil(ReadOnlySpan<byte> mark, Frame target, int maximum)
    {
        while (true)
        {
            ReadOnlySpan<byte> there = _body.Peek();
            if (there.IsEmpty)
            {
                return false;
            }
            int before = target.Length;
            target.Append(there);
            // The mark may have begun in what came earlier.
            int from = Math.Max(0, before - mark.Length + 1);
            int found = target.Memory[from..target.Length].IndexOf(mark);
            if (found >= 0)
            {
                int end = from + found;
                _body.Use(end + mark.Length - before);
                target.Truncate(WithoutLineEnd(target.Memory[..end]));
                return true;
            }
            _body.Use(there.Length);
            if (target.Length > maximum)
            {
                throw new SourceException($"{_label}: a frame or its header has more than {maximum} bytes");
            }
        }
    }

    private static int WithoutLineEnd(ReadOnlySpan<byte> bytes) => bytes.EndsWith("\r\n"u8) ? bytes.Length - 2 : bytes.Length;
}
