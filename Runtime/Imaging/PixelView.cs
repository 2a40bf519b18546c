namespace Edge.Imaging;

/// <summary>
/// An image in somebody else's memory: a camera's buffer, a frame from a pipe, a <see cref="PixelBuffer"/>. Nothing is copied;
/// the memory must stay as it is while the view is used.
/// </summary>
public readonly ref struct PixelView
{
    /// <summary>Looks at an image in one piece of memory, its planes one behind the other as V4L2 gives them.</summary>
    /// <param name="memory">The pixels; may be longer than they are.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="format">What a pixel holds.</param>
    /// <param name="stride">Bytes from one row of the first plane to the next; 0 means that there are no gaps. Even for <see cref="PixelFormat.I420"/>.</param>
    /// <param name="range">The levels of YUV.</param>
    /// <exception cref="ArgumentException">The memory is too short for such an image.</exception>
    public PixelView(ReadOnlySpan<byte> memory, int width, int height, PixelFormat format, int stride = 0, PixelRange range = PixelRange.Limited)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        int rowBytes = PixelLayout.RowBytes(format, width);
        stride = stride == 0 ? rowBytes : stride;
        if (stride < rowBytes || (format == PixelFormat.I420 && stride % 2 != 0))
        {
            throw new ArgumentException($"rows of {stride} bytes do not hold {width} pixels of {format}", nameof(stride));
        }
        // The last row may end without the gap behind it.
        long needed = PixelLayout.Bytes(format, height, stride) - (stride - rowBytes);
        if (memory.Length < needed)
        {
            throw new ArgumentException($"{memory.Length} bytes are too few for {width} × {height} pixels of {format}: {needed} are needed", nameof(memory));
        }
        (Width, Height, Format, Range) = (width, height, format, range);
        (Stride, ChromaStride) = (stride, format == PixelFormat.I420 ? stride / 2 : stride);
        Pixels = memory;
        if (format is PixelFormat.Nv12 or PixelFormat.I420)
        {
            Pixels = memory[..(stride * height)];
            Chroma = memory[(stride * height)..];
        }
        if (format == PixelFormat.I420)
        {
            int plane = ChromaStride * ((height + 1) / 2);
            SecondChroma = Chroma[plane..];
            Chroma = Chroma[..plane];
        }
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>What a pixel holds.</summary>
    public PixelFormat Format { get; }

    /// <summary>The levels of YUV; without meaning for other formats.</summary>
    public PixelRange Range { get; }

    /// <summary>The only plane, or the one of luma.</summary>
    public ReadOnlySpan<byte> Pixels { get; }

    /// <summary>Bytes from one row of <see cref="Pixels"/> to the next.</summary>
    public int Stride { get; }

    /// <summary>U and V of <see cref="PixelFormat.Nv12"/>, U of <see cref="PixelFormat.I420"/>; otherwise empty.</summary>
    public ReadOnlySpan<byte> Chroma { get; }

    /// <summary>V of <see cref="PixelFormat.I420"/>; otherwise empty.</summary>
    public ReadOnlySpan<byte> SecondChroma { get; }

    /// <summary>Bytes from one row of chroma to the next.</summary>
    public int ChromaStride { get; }

    /// <summary>One row of <see cref="Pixels"/>, without the gap behind it.</summary>
    /// <param name="y">0 (top) to <see cref="Height"/> − 1.</param>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return Pixels.Slice(y * Stride, PixelLayout.RowBytes(Format, Width));
    }
}
