using System.Globalization;
using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>
/// The cells of a CSV file (RFC 4180: cells may be quoted, with quotes doubled and line breaks inside) or of a TSV file (no
/// quoting; a line without a tab goes on with the last cell above). A first line with one cell less than all others names the columns from the second on, as R writes it.
/// </summary>
public sealed class Table
{
    /// <summary>The most columns.</summary>
    public const int MaximumColumns = 16_384;

    /// <summary>The most cells.</summary>
    public const int MaximumCells = 1 << 27;

    private readonly string _text;
    private readonly List<(int Start, int Length)> _cells;
    private readonly int _first;

    private Table(string name, string text, List<(int Start, int Length)> cells, int columns, bool hasHeader, bool isShort)
    {
        Name = name;
        _text = text;
        _cells = cells;
        var names = new List<string>(columns);
        _first = hasHeader ? (isShort ? columns - 1 : columns) : 0;
        for (int c = 0; c < columns; c++)
        {
            int place = isShort ? c - 1 : c;
            names.Add(hasHeader ? (place < 0 ? "" : Unquote(Raw(place)).Trim()) : c.ToString(CultureInfo.InvariantCulture));
        }
        ColumnNames = names;
        RowCount = (cells.Count - _first) / columns;
    }

    /// <summary>What messages call it: the file's name.</summary>
    public string Name { get; }

    /// <summary>The columns' names; their numbers from 0 where the file names none.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>How many rows, without the names.</summary>
    public int RowCount { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8, at most 512 MiB.</param>
    /// <param name="format">How to cut it; by default found out.</param>
    /// <exception cref="DataException">It is missing, too large, empty, or a line has another number of cells.</exception>
    public static Table Load(string path, TableFormat? format = null) => Parse(DataFile.ReadText(path), path, format);

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="format">How to cut it; by default found out.</param>
    /// <exception cref="DataException">It is empty, or a line has another number of cells.</exception>
    public static Table Parse(string text, string name, TableFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        format ??= new TableFormat();
        ReadOnlySpan<char> line = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and int end ? end : text.Length);
        char delimiter = format.Delimiter ?? (line.Contains('\t') ? '\t' : line.Contains(';') && !line.Contains(',') ? ';' : ',');
        var cells = new List<(int Start, int Length)>();
        int columns = 0, firstColumns = 0;
        int place = 0, row = 0;
        while (place < text.Length)
        {
            int before = cells.Count;
            place = ReadRow(text, place, delimiter, cells, name, row + 1);
            int count = cells.Count - before;
            if (count == 1 && cells[^1].Length == 0)
            {
                cells.RemoveAt(before);
                continue;
            }
            if (count == 1 && delimiter == '\t' && columns > 1)
            {
                // A line break that nothing could quote: the line goes on with the cell before.
                (int start, int length) = cells[before];
                cells.RemoveAt(before);
                cells[^1] = (cells[^1].Start, start + length - cells[^1].Start);
                continue;
            }
            (columns, firstColumns) = row == 0 ? (count, count) : (columns, firstColumns);
            if (row == 1 && count == columns + 1 && format.Header != false)
            {
                columns++;
            }
            if (count != columns && row > 0)
            {
                throw new DataException($"{name}: row {row + 1} has {count} cells, the rows before have {columns}; mend the file or name its delimiter");
            }
            if (columns > MaximumColumns || cells.Count > MaximumCells)
            {
                throw new DataException($"{name}: has more than {MaximumColumns} columns or {MaximumCells} cells; split it");
            }
            row++;
        }
        if (row == 0)
        {
            throw new DataException($"{name}: is empty; give a table with a row a sample");
        }
        bool isShort = firstColumns < columns;
        bool hasHeader = isShort || (format.Header ?? FindHeader(text, cells, columns));
        var table = new Table(name, text, cells, columns, hasHeader, isShort);
        return table.RowCount > 0 ? table : throw new DataException($"{name}: has a line of names but no rows");
    }

    /// <summary>The number of a column.</summary>
    /// <param name="column">Its name, or its number from 0.</param>
    /// <exception cref="DataException">There is none; the message has the nearest.</exception>
    public int Column(string column)
    {
        for (int c = 0; c < ColumnNames.Count; c++)
        {
            if (ColumnNames[c] == column)
            {
                return c;
            }
        }
        if (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < ColumnNames.Count)
        {
            return number;
        }
        string hint = NearestName.Of(column, ColumnNames) is { } nearest ? $"did you mean '{nearest}'? " : "";
        throw new DataException($"{Name}: has no column '{column}'; {hint}it has {string.Join(", ", ColumnNames.Take(20))}");
    }

    /// <summary>A cell's text, without quotes and the space around.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    public string Text(int row, int column) => Unquote(Raw(_first + (row * ColumnNames.Count) + column)).Trim();

    /// <summary>A cell's number.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <param name="number">The number, NaN where the cell is empty, <c>?</c>, <c>-</c>, NA, NaN, null or none.</param>
    /// <returns>False where the cell is something else, or infinite.</returns>
    public bool TryNumber(int row, int column, out double number)
    {
        ReadOnlySpan<char> cell = Raw(_first + (row * ColumnNames.Count) + column).Trim();
        if (cell.Length >= 2 && cell[0] == '"' && cell[^1] == '"')
        {
            cell = cell[1..^1].Trim();
        }
        return TryNumber(cell, out number);
    }

    private static bool TryNumber(ReadOnlySpan<char> cell, out double number)
    {
        number = double.NaN;
        if (cell.IsEmpty || cell is "?" or "-" || Is(cell, "na") || Is(cell, "n/a") || Is(cell, "nan") || Is(cell, "null") || Is(cell, "none"))
        {
            return true;
        }
        return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite((float)number);

        static bool Is(ReadOnlySpan<char> cell, string word) => cell.Equals(word, StringComparison.OrdinalIgnoreCase);
    }

    private static bool FindHeader(string text, List<(int Start, int Length)> cells, int columns)
    {
        bool below = false;
        for (int c = 0; c < columns; c++)
        {
            if (IsNumber(c))
            {
                return false;
            }
            below |= cells.Count >= 2 * columns && IsNumber(columns + c);
        }
        return below;

        bool IsNumber(int cell) =>
            TryNumber(text.AsSpan(cells[cell].Start, cells[cell].Length).Trim().Trim('"'), out double number) && !double.IsNaN(number);
    }

    /// <summary>Reads one line's cells and gives the place behind it.</summary>
    private static int ReadRow(string text, int place, char delimiter, List<(int Start, int Length)> cells, string name, int row)
    {
        while (true)
        {
            int start = place;
            if (delimiter != '\t' && place < text.Length && text[place] == '"')
            {
                place = EndOfQuotes(text, place, name, row);
            }
            int end = text.AsSpan(place).IndexOfAny(delimiter, '\n') is >= 0 and int offset ? place + offset : text.Length;
            bool isLast = end == text.Length || text[end] == '\n';
            int length = end - start;
            cells.Add((start, isLast && length > 0 && text[start + length - 1] == '\r' ? length - 1 : length));
            place = end + 1;
            if (isLast)
            {
                return place;
            }
        }
    }

    private static int EndOfQuotes(string text, int place, string name, int row)
    {
        while (true)
        {
            int quote = text.IndexOf('"', place + 1);
            if (quote < 0)
            {
                throw new DataException($"{name}: row {row} has a quoted cell without an end; close it, or name the delimiter");
            }
            if (quote + 1 == text.Length || text[quote + 1] != '"')
            {
                return quote + 1;
            }
            place = quote + 1;
        }
    }

    private static string Unquote(ReadOnlySpan<char> cell) =>
        cell.Length >= 2 && cell[0] == '"' && cell[^1] == '"' ? cell[1..^1].ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : cell.ToString();

    private ReadOnlySpan<char> Raw(int cell) => _text.AsSpan(_cells[cell].Start, _cells[cell].Length);
}
