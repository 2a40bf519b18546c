namespace Edge.Imaging;

/// <summary>
/// Writes an image into a tensor: bilinear resampling with aligned pixel centres (as OpenCV's INTER_LINEAR; the exact
/// position, not a rounded one), <c>pixel · a + b</c> by channel, and the tensor's layout. A pixel that is not resampled
/// becomes exactly <c>pixel · a + b</c> in float32, product and sum rounded one after the other. After warm-up nothing is
/// allocated. One thread at a time.
/// </summary>
public sealed class TensorWriter
{
    private const int Block = 256;
    private readonly float[] _multiply;
    private readonly float[] _add;
    private readonly SampleTable _columns = new();
    private readonly SampleTable _rows = new();
    private float[] _blended = [];
    private float[] _resampled = [];
    private byte[] _bytes = [];

    /// <summary>Makes a writer for tensors of one shape.</summary>
    /// <param name="width">Columns of the tensor.</param>
    /// <param name="height">Rows of the tensor.</param>
    /// <param name="planar">True for <c>[1, C, H, W]</c>, false for <c>[1, H, W, C]</c>.</param>
    /// <param name="multiply">a, one a channel; 1 or 3 of them.</param>
    /// <param name="add">b, as many.</param>
    /// <exception cref="ArgumentException">A side is not positive, or the factors are not 1 or 3 pairs.</exception>
    public TensorWriter(int width, int height, bool planar, ReadOnlySpan<float> multiply, ReadOnlySpan<float> add)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (multiply.Length is not (1 or 3) || add.Length != multiply.Length)
        {
            throw new ArgumentException("1 or 3 pairs of factors are needed", nameof(multiply));
        }
        (Width, Height, Planar) = (width, height, planar);
        _multiply = multiply.ToArray();
        _add = add.ToArray();
    }

    /// <summary>Columns of the tensor.</summary>
    public int Width { get; }

    /// <summary>Rows of the tensor.</summary>
    public int Height { get; }

    /// <summary>True for one plane a channel, false for the channels of a pixel side by side.</summary>
    public bool Planar { get; }

    /// <summary>1 or 3.</summary>
    public int Channels => _multiply.Length;

    /// <summary>Elements of the tensor.</summary>
    public int Length => checked(Width * Height * Channels);

    /// <summary>Fills a float32 tensor.</summary>
    /// <param name="image">The image; its channels in the tensor's order.</param>
    /// <param name="placement">Which part of it lands where.</param>
    /// <param name="padding">The grey level (before a and b) where it does not reach.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">The sizes or channels do not fit together.</exception>
    public void Write(in PixelView image, in Placement placement, byte padding, Span<float> tensor)
    {
        Prepare(image, placement, tensor.Length);
        Pad(placement, padding, tensor);
        int plane = Width * Height;
        for (int y = 0; y < placement.TargetHeight; y++)
        {
            int start = ((placement.TargetY + y) * Width) + placement.TargetX;
            if (_columns.IsIdentity && _rows.Weight[y] == 0)
            {
                WritePixels(SourceRow(image, y), start, plane, placement.TargetWidth, tensor);
                continue;
            }
            Span<float> row = Resample(image, y, placement.TargetWidth);
            if (Channels == 1)
            {
                Rows.Scale(row, _multiply[0], _add[0]);
                row.CopyTo(tensor[start..]);
            }
            else if (Planar)
            {
                Rows.SplitScale3(row, _multiply, _add, tensor.Slice(start, placement.TargetWidth), tensor.Slice(plane + start, placement.TargetWidth), tensor.Slice((2 * plane) + start, placement.TargetWidth));
            }
            else
            {
                Rows.Scale3(row, _multiply, _add);
                row.CopyTo(tensor[(3 * start)..]);
            }
        }
    }

    /// <summary>Fills a uint8 tensor with pixels, rounded to the nearest level; a and b are without effect.</summary>
    /// <param name="image">The image; its channels in the tensor's order.</param>
    /// <param name="placement">Which part of it lands where.</param>
    /// <param name="padding">The grey level where it does not reach.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">The sizes or channels do not fit together.</exception>
    public void Write(in PixelView image, in Placement placement, byte padding, Span<byte> tensor)
    {
        Prepare(image, placement, tensor.Length);
        if (!Covers(placement))
        {
            tensor.Fill(padding);
        }
        int plane = Width * Height;
        int width = placement.TargetWidth;
        for (int y = 0; y < placement.TargetHeight; y++)
        {
            int start = ((placement.TargetY + y) * Width) + placement.TargetX;
            ReadOnlySpan<byte> row;
            if (_columns.IsIdentity && _rows.Weight[y] == 0)
            {
                row = SourceRow(image, y).Slice(_columns.First[0] * Channels, width * Channels);
            }
            else
            {
                Rows.Narrow(Resample(image, y, width), _bytes);
                row = _bytes.AsSpan(0, width * Channels);
            }
            if (Planar && Channels == 3)
            {
                Rows.Split3(row, tensor.Slice(start, width), tensor.Slice(plane + start, width), tensor.Slice((2 * plane) + start, width));
            }
            else
            {
                row.CopyTo(tensor[(Channels * start)..]);
            }
        }
    }

    private void Prepare(in PixelView image, in Placement placement, int length)
    {
        if ((image.Format == PixelFormat.Grey8 ? 1 : 3) != Channels || image.Width == 0 || length != Length)
        {
            throw new ArgumentException($"an image of {image.Format} and a tensor of {length} elements do not fit a writer of {Channels} channels and {Length} elements", nameof(image));
        }
        if (placement.TargetX < 0 || placement.TargetY < 0 || placement.TargetWidth < 1 || placement.TargetHeight < 1
            || placement.TargetX + placement.TargetWidth > Width || placement.TargetY + placement.TargetHeight > Height
            || !(placement.SourceWidth > 0 && placement.SourceHeight > 0))
        {
            throw new ArgumentException("the placement is empty or reaches outside the tensor", nameof(placement));
        }
        _columns.Prepare(placement.SourceX, placement.SourceWidth, image.Width, placement.TargetWidth);
        _rows.Prepare(placement.SourceY, placement.SourceHeight, image.Height, placement.TargetHeight);
        // One float more, which Gather3 reads and writes beyond the last pixel.
        Ensure(ref _blended, (image.Width * Channels) + 1);
        Ensure(ref _resampled, (placement.TargetWidth * Channels) + 1);
        Ensure(ref _bytes, placement.TargetWidth * Channels);
    }

    private ReadOnlySpan<byte> SourceRow(scoped in PixelView image, int y) => image.Row(_rows.First[y]);

    /// <summary>One row of the target in source levels, channels side by side.</summary>
    private Span<float> Resample(in PixelView image, int y, int width)
    {
        // Only the columns that are shown.
        int origin = _columns.First[0];
        int end = Math.Min(_columns.First[width - 1] + 2, image.Width);
        int from = origin * Channels, count = (end - origin) * Channels;
        int upper = _rows.First[y];
        ReadOnlySpan<byte> above = image.Row(upper).Slice(from, count);
        if (_rows.Weight[y] == 0)
        {
            Rows.Widen(above, _blended);
        }
        else
        {
            Rows.Blend(above, image.Row(upper + 1).Slice(from, count), _rows.Weight[y], _blended);
        }
        if (Channels == 1)
        {
            Rows.Gather1(_blended.AsSpan(0, count), _columns.First, _columns.Weight, origin, _resampled);
        }
        else
        {
            Rows.Gather3(_blended.AsSpan(0, count + 1), _columns.First, _columns.Weight, origin, end - origin, _resampled);
        }
        return _resampled.AsSpan(0, width * Channels);
    }

    private void WritePixels(ReadOnlySpan<byte> row, int start, int plane, int width, Span<float> tensor)
    {
        row = row.Slice(_columns.First[0] * Channels, width * Channels);
        if (Channels == 1)
        {
            Rows.Scale(row, _multiply[0], _add[0], tensor[start..]);
        }
        else if (!Planar)
        {
            Rows.Scale3(row, _multiply, _add, tensor[(3 * start)..]);
        }
        else
        {
            Span<byte> split = stackalloc byte[3 * Block];
            for (int x = 0; x < width; x += Block)
            {
                int count = Math.Min(Block, width - x);
                Rows.Split3(row[(3 * x)..], split[..count], split.Slice(Block, count), split.Slice(2 * Block, count));
                for (int c = 0; c < 3; c++)
                {
                    Rows.Scale(split.Slice(c * Block, count), _multiply[c], _add[c], tensor[((c * plane) + start + x)..]);
                }
            }
        }
    }

    private bool Covers(in Placement placement) => placement.TargetWidth == Width && placement.TargetHeight == Height;

    private void Pad(in Placement placement, byte padding, Span<float> tensor)
    {
        if (Covers(placement))
        {
            return;
        }
        Span<float> value = stackalloc float[3];
        for (int c = 0; c < Channels; c++)
        {
            float product = padding * _multiply[c];
            value[c] = product + _add[c];
        }
        int plane = Width * Height;
        if (Planar)
        {
            for (int c = 0; c < Channels; c++)
            {
                tensor.Slice(c * plane, plane).Fill(value[c]);
            }
            return;
        }
        for (int i = 0; i < tensor.Length; i += Channels)
        {
            value[..Channels].CopyTo(tensor[i..]);
        }
    }

    private static void Ensure<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }
}
