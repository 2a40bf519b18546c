namespace Edge.Imaging;

/// <summary>
/// Writes images into tensors, row by row in one pass: conversion to the tensor's channels, resampling to whole levels, and what
/// the tensor's elements make of a level. After warm-up nothing is allocated. One thread at a time.
/// </summary>
public sealed class TensorWriter
{
    private const int Block = 256;
    private const int Levels = 256;
    private readonly RowReader _reader;
    private readonly LinearSampler _linear;
    private readonly AreaSampler? _area;

    /// <summary>Makes a writer for tensors of one shape.</summary>
    /// <param name="width">Columns of the tensor.</param>
    /// <param name="height">Rows of the tensor.</param>
    /// <param name="planar">True for <c>[1, C, H, W]</c>, false for <c>[1, H, W, C]</c>.</param>
    /// <param name="format">The tensor's channels: RGB, BGR or grey.</param>
    /// <param name="resampling">How images of another size are resampled.</param>
    /// <exception cref="ArgumentException">A side is not positive, or the format is YUV.</exception>
    public TensorWriter(int width, int height, bool planar, PixelFormat format, Resampling resampling = Resampling.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (PixelLayout.IsYuv(format))
        {
            throw new ArgumentException($"a tensor holds RGB, BGR or grey, not {format}", nameof(format));
        }
        (Width, Height, Planar, Format) = (width, height, planar, format);
        _reader = new RowReader(format);
        _linear = new LinearSampler(Channels);
        _area = resampling == Resampling.Area ? new AreaSampler(Channels) : null;
    }

    /// <summary>Columns of the tensor.</summary>
    public int Width { get; }

    /// <summary>Rows of the tensor.</summary>
    public int Height { get; }

    /// <summary>True for one plane a channel, false for the channels of a pixel side by side.</summary>
    public bool Planar { get; }

    /// <summary>The tensor's channels. An image in this format is not converted.</summary>
    public PixelFormat Format { get; }

    /// <summary>1 or 3.</summary>
    public int Channels => Format == PixelFormat.Grey8 ? 1 : 3;

    /// <summary>Elements of the tensor.</summary>
    public int Length => checked(Width * Height * Channels);

    /// <summary>Fills a float32 tensor: <c>level · a + b</c>, product and sum rounded one after the other.</summary>
    /// <param name="image">The image.</param>
    /// <param name="placement">Which part of it lands where.</param>
    /// <param name="padding">The level where it does not reach.</param>
    /// <param name="multiply">a, one a channel.</param>
    /// <param name="add">b, one a channel.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">The sizes or channels do not fit together.</exception>
    public void Write(in PixelView image, in Placement placement, byte padding, ReadOnlySpan<float> multiply, ReadOnlySpan<float> add, Span<float> tensor)
    {
        if (multiply.Length != Channels || add.Length != Channels)
        {
            throw new ArgumentException($"{multiply.Length} and {add.Length} factors for {Channels} channels", nameof(multiply));
        }
        bool area = Prepare(image, placement, tensor.Length);
        Span<float> pad = stackalloc float[3];
        for (int c = 0; c < Channels; c++)
        {
            float product = padding * multiply[c];
            pad[c] = product + add[c];
        }
        Pad(placement, pad[..Channels], tensor);
        for (int y = 0; y < placement.TargetHeight; y++)
        {
            Store(Row(image, y, area), Start(placement, y), multiply, add, tensor);
        }
    }

    /// <summary>Fills a tensor of any type with what a table holds for each level.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="image">The image.</param>
    /// <param name="placement">Which part of it lands where.</param>
    /// <param name="padding">The level where it does not reach.</param>
    /// <param name="levels">256 elements a channel, channel after channel.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">The sizes or channels do not fit together.</exception>
    public void Write<T>(in PixelView image, in Placement placement, byte padding, ReadOnlySpan<T> levels, Span<T> tensor)
        where T : unmanaged
    {
        if (levels.Length != Levels * Channels)
        {
            throw new ArgumentException($"a table of {levels.Length} elements for {Channels} channels", nameof(levels));
        }
        bool area = Prepare(image, placement, tensor.Length);
        Span<T> pad = stackalloc T[3];
        for (int c = 0; c < Channels; c++)
        {
            pad[c] = levels[(c * Levels) + padding];
        }
        Pad(placement, pad[..Channels], tensor);
        int plane = Width * Height, width = placement.TargetWidth;
        for (int y = 0; y < placement.TargetHeight; y++)
        {
            ReadOnlySpan<byte> row = Row(image, y, area);
            int start = Start(placement, y);
            if (Channels == 1)
            {
                StoreRows.Map1(row, levels, tensor[start..]);
            }
            else if (Planar)
            {
                StoreRows.MapSplit3(row, levels, tensor.Slice(start, width), tensor.Slice(plane + start, width), tensor.Slice((2 * plane) + start, width));
            }
            else
            {
                StoreRows.Map3(row, levels, tensor[(3 * start)..]);
            }
        }
    }

    /// <summary>Fills a uint8 tensor with the levels themselves.</summary>
    /// <param name="image">The image.</param>
    /// <param name="placement">Which part of it lands where.</param>
    /// <param name="padding">The level where it does not reach.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">The sizes or channels do not fit together.</exception>
    public void Write(in PixelView image, in Placement placement, byte padding, Span<byte> tensor)
    {
        bool area = Prepare(image, placement, tensor.Length);
        Pad(placement, [padding, padding, padding], tensor);
        int plane = Width * Height, width = placement.TargetWidth;
        for (int y = 0; y < placement.TargetHeight; y++)
        {
            ReadOnlySpan<byte> row = Row(image, y, area);
            int start = Start(placement, y);
            if (Planar && Channels == 3)
            {
                StoreRows.Split3(row, tensor.Slice(start, width), tensor.Slice(plane + start, width), tensor.Slice((2 * plane) + start, width));
            }
            else
            {
                row.CopyTo(tensor[(Channels * start)..]);
            }
        }
    }

    private bool Prepare(in PixelView image, in Placement placement, int length)
    {
        if (image.Width == 0 || length != Length)
        {
            throw new ArgumentException($"an image of {image.Width} columns and a tensor of {length} elements; {Length} are needed", nameof(length));
        }
        if (placement.TargetX < 0 || placement.TargetY < 0 || placement.TargetWidth < 1 || placement.TargetHeight < 1
            || placement.TargetX + placement.TargetWidth > Width || placement.TargetY + placement.TargetHeight > Height
            || !(placement.SourceWidth > 0 && placement.SourceHeight > 0)
            || !double.IsFinite(placement.SourceX + placement.SourceY + placement.SourceWidth + placement.SourceHeight))
        {
            throw new ArgumentException("the placement is empty or reaches outside the tensor", nameof(placement));
        }
        _reader.Start(image);
        bool area = _area is not null && placement.SourceWidth >= placement.TargetWidth && placement.SourceHeight >= placement.TargetHeight;
        if (area)
        {
            _area!.Prepare(image, placement);
        }
        else
        {
            _linear.Prepare(image, placement);
        }
        return area;
    }

    private ReadOnlySpan<byte> Row(scoped in PixelView image, int y, bool area) => area ? _area!.Row(image, _reader, y) : _linear.Row(image, _reader, y);

    /// <summary>The pixel of the plane that a row of the placement begins at.</summary>
    private int Start(in Placement placement, int y) => ((placement.TargetY + y) * Width) + placement.TargetX;

    private void Store(ReadOnlySpan<byte> row, int start, ReadOnlySpan<float> multiply, ReadOnlySpan<float> add, Span<float> tensor)
    {
        if (Channels == 1)
        {
            StoreRows.Scale(row, multiply[0], add[0], tensor[start..]);
            return;
        }
        if (!Planar)
        {
            StoreRows.Scale3(row, multiply, add, tensor[(3 * start)..]);
            return;
        }
        int width = row.Length / 3, plane = Width * Height;
        Span<byte> split = stackalloc byte[3 * Block];
        for (int x = 0; x < width; x += Block)
        {
            int count = Math.Min(Block, width - x);
            StoreRows.Split3(row[(3 * x)..], split[..count], split.Slice(Block, count), split.Slice(2 * Block, count));
            for (int c = 0; c < 3; c++)
            {
                StoreRows.Scale(split.Slice(c * Block, count), multiply[c], add[c], tensor[((c * plane) + start + x)..]);
            }
        }
    }

    // Only what the image does not cover: the rows above and below it, then the ends of its own rows.
    private void Pad<T>(in Placement placement, ReadOnlySpan<T> pixel, Span<T> tensor)
    {
        int above = placement.TargetY * Width, below = (placement.TargetY + placement.TargetHeight) * Width;
        Fill(0, above, pixel, tensor);
        Fill(below, (Width * Height) - below, pixel, tensor);
        int right = Width - placement.TargetX - placement.TargetWidth;
        for (int y = 0; y < placement.TargetHeight && placement.TargetWidth < Width; y++)
        {
            int start = Start(placement, y);
            Fill(start - placement.TargetX, placement.TargetX, pixel, tensor);
            Fill(start + placement.TargetWidth, right, pixel, tensor);
        }
    }

    private void Fill<T>(int start, int count, ReadOnlySpan<T> pixel, Span<T> tensor)
    {
        if (Planar)
        {
            for (int c = 0; c < Channels; c++)
            {
                tensor.Slice((c * Width * Height) + start, count).Fill(pixel[c]);
            }
            return;
        }
        for (int i = start * Channels; i < (start + count) * Channels; i += Channels)
        {
            pixel[..Channels].CopyTo(tensor[i..]);
        }
    }
}
