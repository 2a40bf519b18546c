namespace Edge.Runtime.Sources;

/// <summary>
/// Finds where JPEG files end that stand one behind the other: walks the marker segments (ITU-T T.81, annex B) up to EOI.
/// What lies between two files is passed over.
/// </summary>
/// <param name="source">The stream's name, for messages.</param>
internal sealed class JpegSplitter(string source)
{
    /// <summary>The longest file.</summary>
    private const int MaximumBytes = 64 << 20;

    /// <summary>How much that is no JPEG is passed over before the stream is taken for something else.</summary>
    private const int MaximumGap = 1 << 20;

    private const byte Prefix = 0xff;
    private const byte StartOfImage = 0xd8;
    private const byte EndOfImage = 0xd9;
    private const byte StartOfScan = 0xda;

    private enum Part
    {
        Gap,
        GapPrefix,
        Marker,
        MarkerCode,
        LengthHigh,
        LengthLow,
        Segment,
        Scan,
        ScanPrefix,
    }

    private Part _part;
    private byte _marker;
    private int _left;
    private int _gap;

    /// <summary>Forgets a file that has begun.</summary>
    internal void Reset() => (_part, _gap) = (Part.Gap, 0);

    /// <summary>Moves bytes into a frame up to the end of a file.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="frame">Gets the file's bytes.</param>
    /// <param name="taken">How many bytes were used.</param>
    /// <returns>Whether the frame holds a whole file.</returns>
    /// <exception cref="SourceException">This is no stream of JPEG files.</exception>
    internal bool Take(ReadOnlySpan<byte> bytes, Frame frame, out int taken)
    {
        int start = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            switch (_part)
            {
                case Part.Gap:
                    int found = bytes[i..].IndexOf(Prefix);
                    int skipped = found < 0 ? bytes.Length - i : found;
                    _gap += skipped;
                    i = found < 0 ? bytes.Length : i + found;
                    _part = found < 0 ? Part.Gap : Part.GapPrefix;
                    Require(_gap <= MaximumGap, "holds no JPEG images");
                    start = i;
                    break;
                case Part.GapPrefix:
                    if (bytes[i] == StartOfImage)
                    {
                        frame.Append([Prefix]);
                        start = i;
                        (_part, _gap) = (Part.Marker, 0);
                    }
                    else
                    {
                        _gap++;
                        _part = bytes[i] == Prefix ? Part.GapPrefix : Part.Gap;
                    }
                    break;
                case Part.Segment:
                case Part.Scan:
                    i = Skip(bytes, i);
                    break;
                default:
                    if (Step(bytes[i]))
                    {
                        frame.Append(bytes[start..(i + 1)]);
                        taken = i + 1;
                        _part = Part.Gap;
                        return true;
                    }
                    break;
            }
        }
        if (_part is not (Part.Gap or Part.GapPrefix))
        {
            Require(frame.Length + (bytes.Length - start) <= MaximumBytes, $"holds a JPEG image of more than {MaximumBytes} bytes");
            frame.Append(bytes[start..]);
        }
        taken = bytes.Length;
        return false;
    }

    /// <summary>Passes over the inside of a segment or of a scan; returns the last byte that belongs to it.</summary>
    private int Skip(ReadOnlySpan<byte> bytes, int i)
    {
        if (_part == Part.Segment)
        {
            int count = Math.Min(_left, bytes.Length - i);
            _left -= count;
            _part = _left == 0 ? (_marker == StartOfScan ? Part.Scan : Part.Marker) : Part.Segment;
            return i + count - 1;
        }
        int found = bytes[i..].IndexOf(Prefix);
        _part = found < 0 ? Part.Scan : Part.ScanPrefix;
        return found < 0 ? bytes.Length - 1 : i + found;
    }

    /// <returns>True at the end of the file.</returns>
    private bool Step(byte b)
    {
        switch (_part)
        {
            case Part.Marker:
                Require(b == Prefix, "holds a damaged JPEG image");
                _part = Part.MarkerCode;
                return false;
            case Part.MarkerCode:
                return Code(b);
            case Part.LengthHigh:
                _left = b << 8;
                _part = Part.LengthLow;
                return false;
            case Part.LengthLow:
                _left = (_left | b) - 2;
                Require(_left >= 0, "holds a damaged JPEG image");
                _part = _left == 0 ? (_marker == StartOfScan ? Part.Scan : Part.Marker) : Part.Segment;
                return false;
            default:
                // Inside a scan 0xff is followed by 0 where it is data, by RST0 to RST7, or by the next marker.
                return b is 0 or (>= 0xd0 and <= 0xd7) ? Go(Part.Scan) : b == Prefix ? Go(Part.ScanPrefix) : Code(b);
        }
    }

    private bool Code(byte b)
    {
        if (b == EndOfImage)
        {
            return true;
        }
        if (b == Prefix)
        {
            return Go(Part.MarkerCode);
        }
        _marker = b;
        return Go(b is 0x01 or (>= 0xd0 and <= StartOfImage) ? Part.Marker : Part.LengthHigh);
    }

    private bool Go(Part part)
    {
        _part = part;
        return false;
    }

    private void Require(bool condition, string problem)
    {
        if (!condition)
        {
            Reset();
            throw new SourceException($"{source}: {problem}: check that it is a stream of JPEG files");
        }
    }
}
