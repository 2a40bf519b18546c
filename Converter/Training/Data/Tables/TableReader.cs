using System.Globalization;

namespace Edge.Training.Data;

/// <summary>Turns a table's text into numbers: columns, labels, groups, recordings, missing values.</summary>
internal sealed class TableReader
{
    private const int MaximumCohorts = 1_000;
    private const int BlocksOfARecording = 20;

    private readonly Table _table;
    private readonly TableOptions _options;
    private readonly int[] _columns;
    private readonly int[] _labels;
    private readonly int? _group;
    private readonly int? _time;
    private readonly List<int> _sources = [];
    private readonly List<int> _recordings = [];
    private readonly List<float> _values = [];

    private TableReader(Table table, TableOptions options)
    {
        _table = table;
        _options = options;
        _labels = [.. options.Labels.Select(table.Column)];
        _group = options.Group is { } group ? table.Column(group) : null;
        _time = options.Time is { } time ? table.Column(time) : null;
        int? cohort = options.Cohort is { } name ? table.Column(name) : null;
        _columns = options.Columns.Count > 0
            ? [.. options.Columns.Select(table.Column)]
            : [.. Enumerable.Range(0, table.ColumnNames.Count).Where(c => !_labels.Contains(c) && c != _group && c != _time && c != cohort && table.ColumnNames[c].Length > 0 && IsNumeric(c))];
        if (_columns.Length == 0)
        {
            throw new DataException($"{table.Name}: has no column of numbers left for the input; name the columns");
        }
    }

    /// <exception cref="DataException">A cell is no number, or a label unknown; the message has row and column.</exception>
    public static TableRows Read(Table table, TableOptions options, TableRows? like)
    {
        var reader = new TableReader(table, options);
        int[] groups = reader.Groups();
        reader.ReadRows(groups);
        int[] sources = [.. reader._sources];
        if (sources.Length == 0)
        {
            throw new DataException($"{table.Name}: every row lacks a value; fill missing values in instead of dropping the rows");
        }
        int[] recordings = reader.Blocks();
        bool isClass = options.Target != TargetKind.Values && options.Labels.Count == 1;
        string what = isClass ? $"{table.Name}: column '{table.ColumnNames[reader._labels[0]]}'" : "";
        NameList classes = !isClass ? NameList.Given([])
            : like is not null ? NameList.Given(like.ClassNames)
            : NameList.Of(sources.Select(row => table.Text(row, reader._labels[0])), TableDataset.MaximumClasses, what);
        int? cohort = options.Cohort is { } chosen ? table.Column(chosen) : null;
        NameList cohorts = cohort is { } column ? NameList.Of(sources.Select(row => table.Text(row, column)), MaximumCohorts, $"{table.Name}: column '{table.ColumnNames[column]}'") : NameList.Given([]);
        return new TableRows
        {
            Columns = like?.Columns ?? [.. reader._columns.Select(c => table.ColumnNames[c])],
            ClassNames = classes.Names,
            CohortNames = cohorts.Names,
            Values = [.. reader._values],
            Targets = options.Target == TargetKind.Values ? reader.Targets(sources) : [],
            Classes = isClass ? Array.ConvertAll(sources, row => reader.Class(classes, row)) : [],
            Cohorts = cohort is { } c ? Array.ConvertAll(sources, row => cohorts.Find(table.Text(row, c))) : [],
            // Blocks of a recording are groups too: neighbours in time are too much alike to be on both sides.
            Groups = reader._group is not null ? Array.ConvertAll(sources, row => groups[row]) : options.Window > 0 ? recordings : [],
            Recordings = recordings,
            Sources = sources,
        };
    }

    private bool IsNumeric(int column)
    {
        bool any = false;
        for (int row = 0; row < _table.RowCount; row++)
        {
            if (!_table.TryNumber(row, column, out double number))
            {
                return false;
            }
            any |= !double.IsNaN(number);
        }
        return any;
    }

    /// <summary>Each row's group, numbered as they appear.</summary>
    private int[] Groups()
    {
        var groups = new int[_table.RowCount];
        if (_group is { } column)
        {
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int row = 0; row < groups.Length; row++)
            {
                string name = _table.Text(row, column);
                numbers.TryAdd(name, numbers.Count);
                groups[row] = numbers[name];
            }
        }
        return groups;
    }

    private void ReadRows(int[] groups)
    {
        var row = new float[_columns.Length];
        var last = new Dictionary<int, float[]>();
        int recording = 0;
        double? before = null;
        for (int r = 0; r < _table.RowCount; r++)
        {
            double? now = _options.MaximumGap is null ? null : Seconds(r);
            bool isGap = now is { } t && before is { } b && (t < b || t - b > _options.MaximumGap!.Value.TotalSeconds);
            recording += r > 0 && (groups[r] != groups[r - 1] || isGap) ? 1 : 0;
            before = now;
            if (!last.TryGetValue(groups[r], out float[]? known))
            {
                last.Add(groups[r], known = Unknown());
            }
            if (!ReadRow(r, row, known))
            {
                recording++;
                continue;
            }
            _sources.Add(r);
            _recordings.Add(recording);
            _values.AddRange(row);
        }
    }

    /// <summary>Reads a row's inputs; false where the row is to be left out.</summary>
    private bool ReadRow(int r, Span<float> row, float[] known)
    {
        bool isWhole = true;
        for (int i = 0; i < row.Length; i++)
        {
            if (!_table.TryNumber(r, _columns[i], out double number))
            {
                throw Wrong(r, _columns[i], "is no number; choose other columns or mend the file");
            }
            row[i] = (float)number;
            if (!float.IsNaN(row[i]))
            {
                known[i] = row[i];
                continue;
            }
            switch (_options.Missing)
            {
                case MissingValues.Refuse:
                    throw Wrong(r, _columns[i], "is missing; say what to do about missing values (drop, forwardFill, mean or constant)");
                case MissingValues.Constant:
                    row[i] = _options.Constant;
                    break;
                case MissingValues.ForwardFill when !float.IsNaN(known[i]):
                    row[i] = known[i];
                    break;
                case MissingValues.Mean:
                    break;
                default:
                    isWhole = false;
                    break;
            }
        }
        return isWhole;
    }

    /// <summary>Cuts recordings into blocks where they are windows of unknown groups.</summary>
    private int[] Blocks()
    {
        int length = _options.Window == 0 || _group is not null ? 0
            : _options.Block ?? Math.Max(_options.Window, Math.Clamp(_sources.Count / BlocksOfARecording, 4 * _options.Window, 20 * _options.Window));
        var blocks = new int[_recordings.Count];
        int block = 0, begin = 0;
        for (int i = 1; i < blocks.Length; i++)
        {
            if (_recordings[i] != _recordings[i - 1] || (length > 0 && i - begin == length))
            {
                block++;
                begin = i;
            }
            blocks[i] = block;
        }
        return blocks;
    }

    private float[] Targets(int[] sources)
    {
        var targets = new float[sources.Length * _labels.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            int row = sources[i / _labels.Length], column = _labels[i % _labels.Length];
            if (!_table.TryNumber(row, column, out double number) || double.IsNaN(number))
            {
                throw Wrong(row, column, "is no number, so it cannot be learnt; mend the file");
            }
            targets[i] = (float)number;
        }
        return targets;
    }

    private int Class(NameList classes, int row)
    {
        int found = classes.Find(_table.Text(row, _labels[0]));
        return found >= 0 ? found : throw Wrong(row, _labels[0], "is a class that the training data does not have");
    }

    private double Seconds(int row)
    {
        string text = _table.Text(row, _time!.Value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ? seconds
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date.ToUnixTimeMilliseconds() / 1000.0
            : throw Wrong(row, _time.Value, "is no time; use ISO 8601 or seconds");
    }

    private float[] Unknown()
    {
        var unknown = new float[_columns.Length];
        Array.Fill(unknown, float.NaN);
        return unknown;
    }

    private DataException Wrong(int row, int column, string what)
    {
        string text = _table.Text(row, column);
        return new DataException($"{_table.Name}: data row {row + 1}, column '{_table.ColumnNames[column]}': '{(text.Length > 40 ? text[..40] + "…" : text).ReplaceLineEndings(" ")}' {what}");
    }
}
