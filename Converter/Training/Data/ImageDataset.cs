using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Foundation;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>Images of one size in memory with a class each: bytes [N, channels, height, width], read as float32 levels from 0 to 255.</summary>
public sealed class ImageDataset : Dataset
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;

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
        Inputs = [new Field("image", DataType.Float32, channels, height, width) { ChannelAxis = 0 }];
        Target = new Field("class", DataType.Int64);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count => _labels.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Field> Inputs { get; }

    /// <inheritdoc/>
    public override TargetKind TargetKind => TargetKind.Class;

    /// <inheritdoc/>
    public override Field Target { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>Colour channels: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Bytes of an image.</summary>
    public int ImageSize => Channels * Height * Width;

    /// <summary>The pixels of an image: [channels, height, width].</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<byte> Image(int index) => _pixels.Span.Slice(index * ImageSize, ImageSize);

    /// <summary>Some of the images as a set of their own.</summary>
    /// <param name="name">What messages and reports call it.</param>
    /// <param name="indices">Which, each from 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="DataException">There are none.</exception>
    public ImageDataset Copy(string name, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        byte[] pixels = new byte[indices.Count * ImageSize];
        byte[] labels = new byte[indices.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * ImageSize));
            labels[i] = (byte)ClassOf(indices[i]);
        }
        return new ImageDataset(name, pixels, labels, Channels, Height, Width, ClassNames);
    }

    /// <inheritdoc/>
    public override int ClassOf(int index) => _labels.Span[index];

    /// <inheritdoc/>
    public override UInt128 ContentHash(int index)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Image(index), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <inheritdoc/>
    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        ChannelScale.Widen(Image(index), slots.Input<float>());
        slots.Target<long>()[0] = ClassOf(index);
    }
}
