using Edge.Foundation;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>Some samples, ready for a graph, in native tensors that are used again. It belongs to its loader and is valid until it is returned there.</summary>
public sealed unsafe class Batch : IDisposable
{
    private static readonly Operator Narrow = new("aten::narrow");

    private readonly Dataset _dataset;
    private readonly IReadOnlyList<IBatchAugmentation> _mixing;
    private readonly Tensor[] _tensors;
    private readonly Tensor?[] _parts;
    private readonly Tensor? _shares;
    private Tensor? _partOfShares;
    private readonly nint[] _starts;
    private readonly int[] _bytes;
    private readonly long[] _classes;
    private readonly int _capacity;
    private readonly int _inputs;

    internal Batch(int capacity, Dataset dataset, IReadOnlyList<IBatchAugmentation> mixing)
    {
        _capacity = capacity;
        _dataset = dataset;
        _mixing = mixing;
        _inputs = dataset.Inputs.Count;
        _bytes = dataset.FieldBytes();
        _classes = new long[capacity];
        _tensors = new Tensor[_bytes.Length];
        _parts = new Tensor?[_bytes.Length];
        _starts = new nint[_bytes.Length];
        for (int i = 0; i < _tensors.Length; i++)
        {
            Field field = i < _inputs ? dataset.Inputs[i] : dataset.Target!;
            if ((long)field.Bytes * capacity > int.MaxValue)
            {
                throw new DataException($"{dataset.Name}: {capacity} samples of {field} are over 2 GiB; use a smaller batch");
            }
            _tensors[i] = Tensor.Zeros(field.Type, field.Batched(capacity));
            fixed (byte* start = _tensors[i].AsBytes())
            {
                _starts[i] = (nint)start;
            }
        }
        if (mixing.Count > 0)
        {
            _shares = Tensor.Zeros(DataType.Float32, [capacity, dataset.ClassNames.Count]);
        }
    }

    /// <summary>Which batch of the epoch, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>How many samples; the last batch of an epoch may have fewer than the others.</summary>
    public int Count { get; private set; }

    /// <summary>How many inputs there are.</summary>
    public int InputCount => _inputs;

    /// <summary>
    /// What the model should answer, on the CPU: [count] int64 classes, [count, classes] float32 shares where samples were mixed,
    /// [count, …] float32 values, or the first input.
    /// </summary>
    public Tensor Target => _shares is not null ? Cut(_shares, ref _partOfShares) : _tensors.Length == _inputs ? Input(0) : Cut(_tensors[^1], ref _parts[^1]);

    /// <summary>The class of each sample (the larger share's, where samples were mixed); −1 where it has none.</summary>
    public ReadOnlySpan<long> Classes => _classes.AsSpan(0, Count);

    /// <summary>An input, on the CPU: [count, …] of its field.</summary>
    /// <param name="field">Which, from 0.</param>
    public Tensor Input(int field)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(field, _inputs);
        return Cut(_tensors[field], ref _parts[field]);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        DropParts();
        _shares?.Dispose();
        foreach (Tensor tensor in _tensors)
        {
            tensor?.Dispose();
        }
    }

    /// <summary>Reads the samples. The seed is the epoch's: each sample draws from a sequence of its own.</summary>
    internal void Fill(ReadOnlySpan<int> order, int index, ulong seed)
    {
        Index = index;
        Count = order.Length;
        for (int row = 0; row < order.Length; row++)
        {
            var random = new SplitMix64(SplitMix64.Mix(seed, (ulong)order[row]));
            _dataset.Read(order[row], new SampleSlots(_starts, _bytes, row), ref random);
            _classes[row] = _dataset.ClassOf(order[row]);
        }
        if (_shares is not null)
        {
            Mix(_shares.AsSpan<float>(), SplitMix64.Mix(~seed, (ulong)index));
        }
    }

    /// <summary>Gives back what only a last, smaller batch needs.</summary>
    internal void DropParts()
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i]?.Dispose();
            _parts[i] = null;
        }
        _partOfShares?.Dispose();
        _partOfShares = null;
    }

    private void Mix(Span<float> shares, ulong seed)
    {
        Field input = _dataset.Inputs[0];
        int classes = _dataset.ClassNames.Count;
        shares = shares[..(Count * classes)];
        shares.Clear();
        for (int row = 0; row < Count; row++)
        {
            shares[(row * classes) + (int)_classes[row]] = 1;
        }
        var random = new SplitMix64(seed);
        Span<float> values = _tensors[0].AsSpan<float>()[..(Count * input.Length)];
        for (int i = 0; i < _mixing.Count; i++)
        {
            _mixing[i].Apply(values, shares, Count, input, ref random);
        }
        for (int row = 0; row < Count; row++)
        {
            _classes[row] = Metrics.ClassificationMetrics.ArgMax(shares.Slice(row * classes, classes));
        }
    }

    private Tensor Cut(Tensor whole, ref Tensor? part) => Count == _capacity ? whole : part ??= Narrow.Call(whole, 0, 0, Count);
}
