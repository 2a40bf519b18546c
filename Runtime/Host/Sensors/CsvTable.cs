using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Sensors;

/// <summary>
/// The rows of a CSV or TSV file as times and numbers, one row ahead. The first line names the columns; a file whose rows have one
/// cell more than names (row numbers, as R writes them) is understood. What is no number is a missing value.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    private const int MaximumColumns = 4096;
    private const int MostLoggedLines = 5;

    private static readonly string[] UsualTimeColumns = ["date", "time", "timestamp", "datetime"];

    private readonly CsvLines _lines;
    private readonly string _path;
    private readonly byte _delimiter;
    private readonly int _time;
    private readonly float[] _values;
    private readonly long _interval;
    private readonly long _opened = TimeProvider.System.GetUtcNow().Ticks;
    private long _rows;
    private int _skipped;

    /// <summary>Opens a file and reads its first row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="timeColumn">The column with times; null finds one by its name, or takes rows to be evenly spaced.</param>
    /// <param name="interval">How far apart rows without times are.</param>
    /// <exception cref="SourceException">It cannot be read, is no table, or has no such column.</exception>
    internal CsvTable(string path, string? timeColumn, TimeSpan interval)
    {
        _path = path;
        _interval = interval.Ticks;
        _lines = new CsvLines(path);
        try
        {
            if (!_lines.TryRead(out ReadOnlySpan<byte> header))
            {
                throw new SourceException($"{path}: is empty: a table begins with the names of its columns");
            }
            header = header.StartsWith(Encoding.UTF8.Preamble) ? header[Encoding.UTF8.Preamble.Length..] : header;
            _delimiter = header.Contains((byte)'\t') ? (byte)'\t' : header.Contains((byte)';') && !header.Contains((byte)',') ? (byte)';' : (byte)',';
            Columns = Names(header, _delimiter);
            if (Columns.Length is 0 or > MaximumColumns)
            {
                throw new SourceException($"{path}: has {Columns.Length} columns: 1 to {MaximumColumns} can be read");
            }
            _time = TimeColumn(timeColumn);
            _values = new float[Columns.Length];
            Advance();
        }
        catch
        {
            _lines.Dispose();
            throw;
        }
    }

    /// <summary>The names of the columns.</summary>
    internal string[] Columns { get; }

    /// <summary>Whether there is a row.</summary>
    internal bool HasRow { get; private set; }

    /// <summary>When the row was taken, in ticks of <see cref="DateTime"/>.</summary>
    internal long Time { get; private set; }

    /// <summary>The row's numbers, one a column; NaN for what is none.</summary>
    internal ReadOnlySpan<float> Values => _values;

    /// <summary>Goes on to the next row; one that does not fit the columns is left out and told.</summary>
    internal void Advance()
    {
        do
        {
            HasRow = _lines.TryRead(out ReadOnlySpan<byte> line);
            if (!HasRow || TryParse(line))
            {
                return;
            }
            _skipped++;
            if (_skipped <= MostLoggedLines)
            {
                Log.Warning($"{_path}: line {_lines.Number}: has not one cell a column and a time: left out{(_skipped == MostLoggedLines ? " (further ones are not told)" : "")}");
            }
        }
        while (HasRow);
    }

    /// <summary>Begins again with the first row.</summary>
    internal void Rewind()
    {
        _lines.Rewind();
        _ = _lines.TryRead(out _);
        _rows = 0;
        Advance();
    }

    public void Dispose() => _lines.Dispose();

    private bool TryParse(ReadOnlySpan<byte> line)
    {
        // Row numbers have no name: the first cell of one more than names is theirs.
        int extra = Count(line) - Columns.Length;
        if (extra is not (0 or 1))
        {
            return false;
        }
        long time = _opened + (_rows * _interval);
        int column = -extra;
        while (column < Columns.Length)
        {
            ReadOnlySpan<byte> cell = Take(ref line, _delimiter);
            if (column == _time && !TimeText.TryParse(cell, out time))
            {
                return false;
            }
            if (column >= 0)
            {
                bool isNumber = column != _time && Utf8Parser.TryParse(cell, out float value, out int used) && used == cell.Length;
                _values[column] = isNumber && Utf8Parser.TryParse(cell, out value, out _) ? value : float.NaN;
            }
            column++;
        }
        _rows++;
        Time = time;
        return true;
    }

    private int Count(ReadOnlySpan<byte> line)
    {
        int count = 1;
        bool isQuoted = false;
        foreach (byte c in line)
        {
            isQuoted ^= c == '"';
            count += c == _delimiter && !isQuoted ? 1 : 0;
        }
        return count;
    }

    /// <summary>Takes the next cell off a line, without quotes and spaces around it.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> line, byte delimiter)
    {
        int end = 0;
        for (bool isQuoted = false; end < line.Length && (isQuoted || line[end] != delimiter); end++)
        {
            isQuoted ^= line[end] == '"';
        }
        ReadOnlySpan<byte> cell = line[..end].Trim((byte)' ').Trim((byte)'"').Trim((byte)' ');
        line = end < line.Length ? line[(end + 1)..] : [];
        return cell;
    }

    private static string[] Names(ReadOnlySpan<byte> header, byte delimiter)
    {
        var names = new List<string>();
        while (!header.IsEmpty && names.Count <= MaximumColumns)
        {
            names.Add(Encoding.UTF8.GetString(Take(ref header, delimiter)));
        }
        return [.. names];
    }

    private int TimeColumn(string? wanted)
    {
        for (int i = 0; i < Columns.Length; i++)
        {
            if (wanted is null ? Array.Exists(UsualTimeColumns, usual => usual.Equals(Columns[i], StringComparison.OrdinalIgnoreCase)) : Columns[i] == wanted)
            {
                return i;
            }
        }
        return wanted is null ? -1 : throw new SourceException(string.Create(CultureInfo.InvariantCulture, $"{_path}: has no column '{wanted}': it has {string.Join(", ", Columns)}"));
    }
}
