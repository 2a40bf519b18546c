using Edge.Runtime.Sources;
using Microsoft.Win32.SafeHandles;

namespace Edge.Runtime.Sensors;

/// <summary>The lines of a file, one after the other, in one buffer: a line costs no allocation.</summary>
internal sealed class CsvLines : IDisposable
{
    /// <summary>The longest line.</summary>
    private const int MaximumLine = 1 << 16;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[2 * MaximumLine];
    private long _offset;
    private int _start;
    private int _end;

    /// <exception cref="SourceException">The file cannot be read.</exception>
    internal CsvLines(string path)
    {
        _path = path;
        try
        {
            _file = File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: cannot be read: check the path and its permissions", e);
        }
    }

    /// <summary>The number of the last line, from 1.</summary>
    internal long Number { get; private set; }

    /// <summary>Reads the next line that is not empty.</summary>
    /// <param name="line">Its bytes without the line end, valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="SourceException">A line is too long, or the file cannot be read.</exception>
    internal bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            int length = rest.IndexOf((byte)'\n');
            if (length < 0 && Fill())
            {
                continue;
            }
            bool isLast = length < 0;
            length = isLast ? _end - _start : length;
            line = _buffer.AsSpan(_start, length).TrimEnd((byte)'\r');
            _start += isLast ? length : length + 1;
            Number++;
            if (line.Length > 0 || isLast)
            {
                return line.Length > 0;
            }
        }
    }

    /// <summary>Begins again.</summary>
    internal void Rewind() => (_offset, _start, _end, Number) = (0, 0, 0, 0);

    public void Dispose() => _file.Dispose();

    /// <summary>Reads more behind what is there.</summary>
    private bool Fill()
    {
        if (_end - _start > MaximumLine)
        {
            throw new SourceException($"{_path}: line {Number + 1}: longer than {MaximumLine} bytes: is it a table?");
        }
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            int read = RandomAccess.Read(_file, _buffer.AsSpan(_end), _offset);
            (_offset, _end) = (_offset + read, _end + read);
            return read > 0;
        }
        catch (IOException e)
        {
            throw new SourceException($"{_path}: cannot be read ({e.Message}): check the disk", e);
        }
    }
}
