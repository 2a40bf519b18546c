using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Edge.Foundation;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>Rows of a table, or windows of rows that follow each other, as float32 [columns] or [rows, columns].</summary>
public sealed class TableDataset : Dataset
{
    /// <summary>The most classes that a label column may have.</summary>
    public const int MaximumClasses = 10_000;

    private readonly TableRows _rows;
    private readonly TableOptions _options;
    private readonly int[] _starts;
    private readonly int _length;

    private TableDataset(string name, TableRows rows, TableOptions options, int[] starts)
    {
        Name = name;
        _rows = rows;
        _options = options;
        _starts = starts;
        _length = Math.Max(1, options.Window);
        int columns = rows.Columns.Count;
        Inputs = [options.Window == 0 ? new Field("row", DataType.Float32, columns) { ChannelAxis = 0 } : new Field("window", DataType.Float32, options.Window, columns) { ChannelAxis = 1 }];
        Target = options.Target switch
        {
            TargetKind.Class => new Field("class", DataType.Int64),
            TargetKind.Values => new Field("values", DataType.Float32, options.Labels.Count),
            _ => null,
        };
        ClassNames = options.Target == TargetKind.Values ? options.Labels : rows.ClassNames;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count => _starts.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Field> Inputs { get; }

    /// <inheritdoc/>
    public override TargetKind TargetKind => _options.Target;

    /// <inheritdoc/>
    public override Field? Target { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CohortNames => _rows.CohortNames;

    /// <summary>The names of the input's columns, in order.</summary>
    public IReadOnlyList<string> ColumnNames => _rows.Columns;

    /// <summary>Reads a table.</summary>
    /// <param name="path">A CSV or TSV file.</param>
    /// <param name="options">What of it is a sample.</param>
    /// <param name="like">
    /// The training set, where this one is only judged with: columns and classes are that one's, and the recording is not cut
    /// into blocks. Null for the training set itself.
    /// </param>
    /// <exception cref="DataException">The file is damaged, or does not fit the options or the training set.</exception>
    public static TableDataset Load(string path, TableOptions options, TableDataset? like = null) =>
        From(Table.Load(path, options?.Format), options!, like);

    /// <summary>Takes samples from a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">What of it is a sample.</param>
    /// <param name="like">The training set, where this one is only judged with.</param>
    /// <exception cref="DataException">The table does not fit the options or the training set.</exception>
    public static TableDataset From(Table table, TableOptions options, TableDataset? like = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (like is not null)
        {
            options = options with { Columns = like.ColumnNames, Block = options.Block ?? 0 };
        }
        TableRows rows = TableReader.Read(table, options, like?._rows);
        int[] starts = Windows(rows, options);
        return starts.Length > 0
            ? new TableDataset(table.Name, rows, options, starts)
            : throw new DataException($"{table.Name}: no recording has the {options.Window} rows of a window; use a shorter window, or mend missing values");
    }

    /// <inheritdoc/>
    public override int ClassOf(int index)
    {
        if (_rows.Classes.Length == 0)
        {
            return -1;
        }
        int start = _starts[index];
        if (_options.WindowLabel == WindowLabel.Last)
        {
            return _rows.Classes[start + _length - 1];
        }
        int best = 0, most = 0;
        ReadOnlySpan<int> window = _rows.Classes.AsSpan(start, _length);
        foreach (int candidate in window)
        {
            int count = window.Count(candidate);
            (best, most) = count > most || (count == most && candidate < best) ? (candidate, count) : (best, most);
        }
        return best;
    }

    /// <inheritdoc/>
    public override int GroupOf(int index) => _rows.Groups.Length == 0 ? -1 : _rows.Groups[_starts[index]];

    /// <inheritdoc/>
    public override int CohortOf(int index) => _rows.Cohorts.Length == 0 ? -1 : _rows.Cohorts[_starts[index] + _length - 1];

    /// <summary>The row of the table in which a sample begins, counted from 0 and without the line of names.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public int RowOf(int index) => _rows.Sources[_starts[index]];

    /// <summary>
    /// Rows of the same values are the same. Windows are not, since their group keeps them together: a switch that is off looks the
    /// same in every recording.
    /// </summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public override UInt128 ContentHash(int index)
    {
        if (_options.Window > 0)
        {
            return (UInt128)index;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(Values(index)), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <inheritdoc/>
    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        int start = _starts[index];
        Values(index).CopyTo(slots.Input<float>());
        if (TargetKind == TargetKind.Class)
        {
            slots.Target<long>()[0] = ClassOf(index);
        }
        else if (TargetKind == TargetKind.Values)
        {
            Label(start, slots.Target<float>());
        }
    }

    private ReadOnlySpan<float> Values(int index)
    {
        int columns = _rows.Columns.Count;
        return _rows.Values.AsSpan(_starts[index] * columns, _length * columns);
    }

    private void Label(int start, Span<float> target)
    {
        int width = target.Length;
        int first = _options.WindowLabel == WindowLabel.Last ? start + _length - 1 : start;
        int count = start + _length - first;
        for (int k = 0; k < width; k++)
        {
            double sum = 0;
            for (int row = first; row < first + count; row++)
            {
                sum += _rows.Targets[(row * width) + k];
            }
            target[k] = (float)(sum / count);
        }
    }

    private static int[] Windows(TableRows rows, TableOptions options)
    {
        int length = Math.Max(1, options.Window);
        var starts = new List<int>();
        int begin = 0;
        for (int row = 1; row <= rows.Count; row++)
        {
            if (row < rows.Count && rows.Recordings[row] == rows.Recordings[begin])
            {
                continue;
            }
            for (int start = begin; start + length <= row; start += options.Window == 0 ? 1 : options.Stride)
            {
                starts.Add(start);
            }
            begin = row;
        }
        return [.. starts];
    }
}
