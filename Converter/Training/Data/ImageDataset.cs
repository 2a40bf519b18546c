using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Images of one size with a label each: bytes [N, channels, height, width]. A part shares the pixels of the whole.</summary>
public sealed class ImageDataset
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;
    private readonly int[]? _part;

    /// <summary>Puts images and labels together.</summary>
    /// <param name="name">What messages and reports call it.</param>
    /// <param name="pixels">[N, channels, height, width] in C order; kept, not copied.</param>
    /// <param name="labels">One for each image, below the number of classes; kept, not copied.</param>
    /// <param name="channels">Colour channels.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <exception cref="DataException">The numbers do not fit together, or a label is none of the classes.</exception>
    public ImageDataset(
        string name, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int channels, int height, int width, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        long size = (long)channels * height * width;
        if (labels.Length == 0 || pixels.Length != labels.Length * size)
        {
            throw new DataException($"{name}: {labels.Length} labels do not fit {pixels.Length} bytes of {width}×{height} images; images and labels must be of the same set");
        }
        foreach (byte label in labels.Span)
        {
            if (label >= classNames.Count)
            {
                throw new DataException($"{name}: has the label {label}, but {classNames.Count} classes; name all classes");
            }
        }
        Name = name;
        _pixels = pixels;
        _labels = labels;
        Channels = channels;
        Height = height;
        Width = width;
        ClassNames = classNames;
    }

    private ImageDataset(ImageDataset whole, int[] part)
    {
        Name = whole.Name;
        _pixels = whole._pixels;
        _labels = whole._labels;
        Channels = whole.Channels;
        Height = whole.Height;
        Width = whole.Width;
        ClassNames = whole.ClassNames;
        _part = part;
    }

    /// <summary>What messages and reports call it.</summary>
    public string Name { get; }

    /// <summary>How many images.</summary>
    public int Count => _part?.Length ?? _labels.Length;

    /// <summary>Colour channels: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Bytes of an image.</summary>
    public int ImageSize => Channels * Height * Width;

    /// <summary>The name of each class, in the order of the labels.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The pixels of an image: [channels, height, width].</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<byte> Image(int index) => _pixels.Span.Slice(Place(index) * ImageSize, ImageSize);

    /// <summary>The class of an image.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public int Label(int index) => _labels.Span[Place(index)];

    /// <summary>The first images only.</summary>
    /// <param name="count">At most how many.</param>
    public ImageDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        int[] part = new int[Math.Min(count, Count)];
        for (int i = 0; i < part.Length; i++)
        {
            part[i] = Place(i);
        }
        return new ImageDataset(this, part);
    }

    /// <summary>Two parts without a common image, chosen by the seed.</summary>
    /// <param name="fraction">The share of the second part, from 0 to less than 1.</param>
    /// <param name="seed">The same seed gives the same parts.</param>
    /// <returns>The part to train with, and the part to validate with: null if it would be empty.</returns>
    public (ImageDataset Train, ImageDataset? Validation) Split(double fraction, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fraction, 1);
        int second = Math.Min((int)Math.Round(Count * fraction), Count - 1);
        if (second == 0)
        {
            return (this, null);
        }
        int[] order = new int[Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = Place(i);
        }
        new SplitMix64(SplitMix64.Mix(seed, 0x5911)).Shuffle(order);
        // In the set's own order, so that neighbours in memory stay neighbours.
        Array.Sort(order, 0, second);
        Array.Sort(order, second, order.Length - second);
        return (new ImageDataset(this, order[second..]), new ImageDataset(this, order[..second]));
    }

    private int Place(int index) => _part is null ? index : _part[index];
}
