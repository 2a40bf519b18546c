using Edge.Packages;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>Some images with their labels, ready for a graph. It belongs to its loader and is valid until it is returned there.</summary>
public sealed class Batch : IDisposable
{
    private static readonly Operator Narrow = new("aten::narrow");

    private readonly Tensor _images;
    private readonly Tensor _labels;
    private Tensor? _partOfImages;
    private Tensor? _partOfLabels;

    internal Batch(int capacity, ImageDataset dataset)
    {
        Capacity = capacity;
        _images = Tensor.Zeros(DataType.Float32, [capacity, dataset.Channels, dataset.Height, dataset.Width]);
        _labels = Tensor.Zeros(DataType.Int64, [capacity]);
    }

    /// <summary>Which batch of the epoch, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>How many images; the last batch of an epoch may have fewer than the others.</summary>
    public int Count { get; private set; }

    /// <summary>[count, channels, height, width] float32 on the CPU.</summary>
    public Tensor Images => Count == Capacity ? _images : _partOfImages ??= Narrow.Call(_images, 0, 0, Count);

    /// <summary>[count] int64 on the CPU.</summary>
    public Tensor Labels => Count == Capacity ? _labels : _partOfLabels ??= Narrow.Call(_labels, 0, 0, Count);

    /// <summary>The labels as numbers.</summary>
    public ReadOnlySpan<long> LabelValues => _labels.AsSpan<long>()[..Count];

    internal int Capacity { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        DropParts();
        _images.Dispose();
        _labels.Dispose();
    }

    internal void Fill(ImageDataset dataset, Normalization normalization, ReadOnlySpan<int> order, int index)
    {
        DropParts();
        Index = index;
        Count = order.Length;
        Span<float> images = _images.AsSpan<float>();
        Span<long> labels = _labels.AsSpan<long>();
        int size = dataset.ImageSize;
        for (int i = 0; i < order.Length; i++)
        {
            normalization.Apply(dataset.Image(order[i]), images.Slice(i * size, size));
            labels[i] = dataset.Label(order[i]);
        }
    }

    private void DropParts()
    {
        _partOfImages?.Dispose();
        _partOfLabels?.Dispose();
        _partOfImages = null;
        _partOfLabels = null;
    }
}
