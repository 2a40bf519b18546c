namespace Edge.Imaging;

/// <summary>
/// An image of any size in reusable memory outside the managed heap: it grows to the largest image it has held and never
/// shrinks, so filling it again allocates nothing. One thread at a time. Dispose it to give the memory back;
/// spans and views of it must not be used after that or after <see cref="Resize"/>.
/// </summary>
public sealed unsafe class PixelBuffer : IDisposable
{
    private readonly NativeBuffer _memory = new();
    private bool _disposed;

    /// <summary>Columns.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>What a pixel holds.</summary>
    public PixelFormat Format { get; private set; }

    /// <summary>The levels of YUV; whoever fills the buffer sets it.</summary>
    public PixelRange Range { get; set; }

    /// <summary>1 for grey, 3 for colour.</summary>
    public int Channels => Format == PixelFormat.Grey8 ? 1 : 3;

    /// <summary>Bytes from one row of the first plane to the next; there are no gaps.</summary>
    public int Stride => PixelLayout.RowBytes(Format, Width);

    /// <summary>All pixels, row by row from the top, plane behind plane, without gaps.</summary>
    public Span<byte> Pixels => new(_memory.Pointer, (int)PixelLayout.Bytes(Format, Height, Stride));

    /// <summary>The image for those who only look at it.</summary>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    public PixelView View => new(Pixels, Width, Height, Format, range: Range);

    /// <summary>One row of pixels, or of luma.</summary>
    /// <param name="y">0 (top) to <see cref="Height"/> − 1.</param>
    public Span<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new Span<byte>(_memory.Pointer + ((nint)y * Stride), Stride);
    }

    /// <summary>Gives the buffer a size and a format; the pixels are whatever was there.</summary>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="height">Rows, 1 or more; at most 2,147,483,647 bytes together.</param>
    /// <param name="format">What a pixel holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the image is too large.</exception>
    public void Resize(int width, int height, PixelFormat format)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        // Before the row's bytes are worked out, which four bytes a pixel bound.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, int.MaxValue / 4);
        long bytes = PixelLayout.Bytes(format, height, PixelLayout.RowBytes(format, width));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, int.MaxValue, nameof(width));
        _memory.Ensure((nuint)bytes);
        (Width, Height, Format) = (width, height, format);
    }

    /// <summary>Becomes a copy of an image, in a format of its own.</summary>
    /// <param name="image">The image, not of this buffer.</param>
    /// <param name="format">RGB, BGR or grey.</param>
    /// <exception cref="ArgumentException">The format is YUV.</exception>
    public void CopyFrom(in PixelView image, PixelFormat format)
    {
        if (PixelLayout.IsYuv(format))
        {
            throw new ArgumentException($"images are copied to RGB, BGR or grey, not to {format}", nameof(format));
        }
        Resize(image.Width, image.Height, format);
        for (int y = 0; y < image.Height; y++)
        {
            if (image.Format == format)
            {
                image.Row(y).CopyTo(Row(y));
            }
            else
            {
                PixelRows.Convert(image, y, format, Row(y));
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _disposed = true;
        (Width, Height) = (0, 0);
        _memory.Dispose();
    }

    /// <summary>The first pixel, for native codecs and vector kernels; 64 bytes past the last pixel may be read.</summary>
    internal byte* Pointer => _memory.Pointer;
}
