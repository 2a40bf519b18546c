using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Edge.Foundation;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Training.Detection;

/// <summary>
/// Annotated pictures as samples: float32 levels from 0 to 255 [3, height, width], letterboxed at the upper left, and the boxes in
/// them. While training, pictures are moved, mirrored, coloured, and put together of several.
/// </summary>
public sealed class DetectionSamples : Dataset
{
    private readonly DetectionOptions _options;
    private readonly BoxedPictureStore _store;
    private readonly int[] _pictures;
    private readonly bool _isAugmented;

    /// <summary>Makes samples; pictures are decoded when they are first read.</summary>
    /// <param name="data">The annotated pictures.</param>
    /// <param name="options">Size and augmentation.</param>
    /// <exception cref="DataException">An option makes no sense, or there is no picture or no class.</exception>
    public DetectionSamples(DetectionDataset data, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (data.Images.Count == 0 || data.ClassNames.Count == 0)
        {
            throw new DataException($"{data.Name}: has {data.Images.Count} pictures and {data.ClassNames.Count} classes; a detector learns from pictures with boxes of named classes");
        }
        (Name, ClassNames, _options, _isAugmented) = (data.Name, data.ClassNames, options, true);
        _store = new BoxedPictureStore(data.Images, options);
        _pictures = [.. Enumerable.Range(0, data.Images.Count)];
        Inputs = [new Field("image", DataType.Float32, 3, options.Height, options.Width) { ChannelAxis = 0 }];
        Target = new Field("boxes", DataType.Float32, options.MaxBoxes, BoxTarget.Width);
    }

    private DetectionSamples(DetectionSamples whole, int[] pictures, bool isAugmented)
    {
        (Name, ClassNames, _options, _store, Inputs, Target) = (whole.Name, whole.ClassNames, whole._options, whole._store, whole.Inputs, whole.Target);
        (_pictures, _isAugmented) = (pictures, isAugmented);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count => _pictures.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Field> Inputs { get; }

    /// <inheritdoc/>
    public override TargetKind TargetKind => TargetKind.Boxes;

    /// <inheritdoc/>
    public override Field Target { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>How pictures become samples.</summary>
    public DetectionOptions Options => _options;

    /// <inheritdoc/>
    public override UInt128 ContentHash(int index) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(_store.File(_pictures[index])));

    /// <inheritdoc/>
    public override UInt128 TargetHash(int index)
    {
        var numbers = new List<double>();
        foreach (TrueBox box in _store.Boxes(_pictures[index]))
        {
            numbers.AddRange(box.Class, box.Box.X, box.Box.Y, box.Box.Width, box.Box.Height, box.IsCrowd ? 1 : 0);
        }
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers))));
    }

    /// <inheritdoc/>
    public override Dataset WithoutAugmentation() => _isAugmented ? new DetectionSamples(this, _pictures, isAugmented: false) : this;

    /// <summary>Some of the samples; what is put together of several pictures takes them from these alone.</summary>
    /// <param name="indices">Which; kept, not copied.</param>
    public override Dataset Part(int[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new DetectionSamples(this, Array.ConvertAll(indices, index => _pictures[index]), _isAugmented);
    }

    /// <inheritdoc/>
    /// <exception cref="Imaging.ImageException">The picture is damaged or too large.</exception>
    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        if (!_isAugmented)
        {
            BoxedPicture picture = _store.Get(_pictures[index]);
            ToPlanes(picture.Pixels, slots.Input<float>());
            BoxTarget.Write(picture.Boxes, slots.Target<float>());
            return;
        }
        int length = _options.Width * _options.Height * 3;
        byte[] canvas = ArrayPool<byte>.Shared.Rent(2 * length);
        var boxes = new List<BoxTarget>();
        Span<byte> pixels = canvas.AsSpan(0, length);
        Compose(index, pixels, boxes, ref random);
        if (random.NextDouble() < _options.Mixup)
        {
            Span<byte> other = canvas.AsSpan(length, length);
            Compose(random.Below(Count), other, boxes, ref random);
            for (int i = 0; i < length; i++)
            {
                pixels[i] = (byte)((pixels[i] + other[i] + 1) >> 1);
            }
        }
        ColorMove.Draw(_options, ref random).Apply(pixels, slots.Input<float>());
        ArrayPool<byte>.Shared.Return(canvas);
        BoxTarget.Write(boxes, slots.Target<float>());
    }

    private void Compose(int index, Span<byte> pixels, List<BoxTarget> boxes, ref SplitMix64 random)
    {
        (int width, int height) = (_options.Width, _options.Height);
        if (random.NextDouble() >= _options.Mosaic)
        {
            Show(index, (0, 0, width, height), isPart: false, pixels, boxes, ref random);
            return;
        }
        int x = (width / 4) + random.Below((width / 2) + 1), y = (height / 4) + random.Below((height / 2) + 1);
        Show(index, (0, 0, x, y), isPart: true, pixels, boxes, ref random);
        Show(random.Below(Count), (x, 0, width, y), isPart: true, pixels, boxes, ref random);
        Show(random.Below(Count), (0, y, x, height), isPart: true, pixels, boxes, ref random);
        Show(random.Below(Count), (x, y, width, height), isPart: true, pixels, boxes, ref random);
    }

    private void Show(int index, (int Left, int Top, int Right, int Bottom) area, bool isPart, Span<byte> pixels, List<BoxTarget> boxes, ref SplitMix64 random)
    {
        BoxedPicture picture = _store.Get(_pictures[index]);
        var move = PictureMove.Draw(area, picture, isPart, _options, ref random);
        move.Copy(picture, pixels, _options.Width);
        move.Move(picture.Boxes, _options.LeastVisible, boxes);
    }

    private static void ToPlanes(ReadOnlySpan<byte> pixels, Span<float> planes)
    {
        int count = pixels.Length / 3;
        for (int i = 0; i < count; i++)
        {
            (planes[i], planes[count + i], planes[(2 * count) + i]) = (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
        }
    }
}
