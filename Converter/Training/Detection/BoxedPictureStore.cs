using Edge.Imaging;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Training.Detection;

/// <summary>Decodes annotated pictures as devices do, letterboxed at the upper left, and keeps them until the memory allowed for it is used up.</summary>
internal sealed class BoxedPictureStore
{
    /// <summary>The level around a picture, as YOLOX has it.</summary>
    public const byte Padding = 114;

    private const int MaximumFileBytes = 64 << 20;
    private readonly IReadOnlyList<AnnotatedImage> _images;
    private readonly DetectionOptions _options;
    private readonly BoxedPicture?[] _kept;
    private readonly Stack<Decoder> _decoders = new();
    private readonly Lock _gate = new();
    private long _bytes;

    public BoxedPictureStore(IReadOnlyList<AnnotatedImage> images, DetectionOptions options)
    {
        _images = images;
        _options = options;
        _kept = new BoxedPicture?[images.Count];
    }

    /// <summary>A picture by its number.</summary>
    /// <exception cref="DataException">Its file is missing.</exception>
    /// <exception cref="ImageException">Its file is damaged.</exception>
    public BoxedPicture Get(int index)
    {
        if (Volatile.Read(ref _kept[index]) is { } kept)
        {
            return kept;
        }
#pragma warning disable CA2000 // It goes back to the stack.
        Decoder decoder = Rent();
#pragma warning restore CA2000
        try
        {
            BoxedPicture picture = decoder.Decode(_images[index]);
            // A cyclic reader gains nothing from throwing out what is kept: the first that fit stay.
            if (Interlocked.Add(ref _bytes, picture.Pixels.Length) > _options.CacheBytes || Interlocked.CompareExchange(ref _kept[index], picture, null) is not null)
            {
                Interlocked.Add(ref _bytes, -picture.Pixels.Length);
            }
            return picture;
        }
        finally
        {
            lock (_gate)
            {
                _decoders.Push(decoder);
            }
        }
    }

    /// <summary>What is in a picture, as annotated.</summary>
    public IReadOnlyList<TrueBox> Boxes(int index) => _images[index].Boxes;

    /// <summary>The bytes of a picture's file.</summary>
    public byte[] File(int index) => DataFile.ReadBytes(_images[index].Path, MaximumFileBytes);

    private Decoder Rent()
    {
        lock (_gate)
        {
            if (_decoders.TryPop(out Decoder? decoder))
            {
                return decoder;
            }
        }
        return new Decoder(_options);
    }

    /// <summary>What one thread needs; its native memory is freed when nobody refers to it any more.</summary>
    private sealed class Decoder(DetectionOptions options) : IDisposable
    {
        private readonly PixelFormat _format = options.Bgr ? PixelFormat.Bgr24 : PixelFormat.Rgb24;
        private readonly ImageDecoder _decoder = new();
        private readonly PixelBuffer _pixels = new();
        private readonly TensorWriter _writer = new(options.Width, options.Height, planar: false, options.Bgr ? PixelFormat.Bgr24 : PixelFormat.Rgb24);

        public BoxedPicture Decode(AnnotatedImage image)
        {
            ImageInfo info = _decoder.Decode(DataFile.ReadBytes(image.Path, MaximumFileBytes), _pixels, new DecodeOptions(_format), image.Path);
            Placement placement = Placement.Letterbox(info.Width, info.Height, options.Width, options.Height, centered: false);
            int length = options.Width * options.Height * 3;
            byte[] pixels = new byte[length + 1];
            _writer.Write(_pixels.View, placement, Padding, pixels.AsSpan(0, length));
            // One scale for both axes, as the runtime maps boxes back.
            float scale = (float)Math.Min((double)options.Width / info.Width, (double)options.Height / info.Height);
            var boxes = new List<BoxTarget>();
            foreach (TrueBox truth in image.Boxes)
            {
                PixelBox box = truth.Box;
                var edges = new PixelEdges(
                    (float)Math.Clamp(box.X, 0, info.Width) * scale, (float)Math.Clamp(box.Y, 0, info.Height) * scale,
                    (float)Math.Clamp(box.X + box.Width, 0, info.Width) * scale, (float)Math.Clamp(box.Y + box.Height, 0, info.Height) * scale);
                // A crowd has no box that one object could be learned from.
                if (!truth.IsCrowd && edges.Right - edges.Left >= 1 && edges.Bottom - edges.Top >= 1)
                {
                    boxes.Add(new BoxTarget(truth.Class, edges));
                }
            }
            return new BoxedPicture(pixels, placement.TargetWidth, placement.TargetHeight, boxes);
        }

        public void Dispose()
        {
            _decoder.Dispose();
            _pixels.Dispose();
        }
    }
}
