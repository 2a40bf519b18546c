namespace Edge.Training.Data;

/// <summary>Decodes pictures and keeps them, until the memory allowed for it is used up.</summary>
internal sealed class PictureStore
{
    public const int MaximumFileBytes = 64 << 20;

    private readonly ImageFolderOptions _options;
    private readonly int _height;
    private readonly int _width;
    private readonly byte[]?[] _kept;
    private readonly Stack<PictureDecoder> _decoders = new();
    private readonly Lock _gate = new();
    private long _bytes;

    public PictureStore(int count, ImageFolderOptions options)
    {
        _options = options;
        _height = (int)Math.Round(options.Height * options.Oversize);
        _width = (int)Math.Round(options.Width * options.Oversize);
        _kept = new byte[]?[count];
    }

    /// <summary>Columns that a kept picture has more than a sample.</summary>
    public int SpareColumns => _width - _options.Width;

    /// <summary>Rows that it has more.</summary>
    public int SpareRows => _height - _options.Height;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Writes a part of a picture: [channels, height, width] levels.</summary>
    public void Read(int index, string path, int x, int y, Span<float> levels)
    {
        if (Volatile.Read(ref _kept[index]) is { } kept)
        {
            Cut(kept, x, y, levels);
            return;
        }
#pragma warning disable CA2000 // It goes back to the stack.
        PictureDecoder decoder = Rent();
#pragma warning restore CA2000
        try
        {
            ReadOnlySpan<byte> pixels = decoder.Decode(path);
            Cut(pixels, x, y, levels);
            // A cyclic reader gains nothing from throwing out what is kept: the first that fit stay.
            if (Interlocked.Add(ref _bytes, pixels.Length) <= _options.CacheBytes)
            {
                if (Interlocked.CompareExchange(ref _kept[index], pixels.ToArray(), null) is null)
                {
                    return;
                }
            }
            Interlocked.Add(ref _bytes, -pixels.Length);
        }
        finally
        {
            lock (_gate)
            {
                _decoders.Push(decoder);
            }
        }
    }

    private void Cut(ReadOnlySpan<byte> pixels, int x, int y, Span<float> levels)
    {
        if (_width == _options.Width && _height == _options.Height)
        {
            ChannelScale.Widen(pixels, levels);
            return;
        }
        for (int row = 0; row < _options.Channels * _options.Height; row++)
        {
            int plane = row / _options.Height;
            int from = (((plane * _height) + y + (row % _options.Height)) * _width) + x;
            ChannelScale.Widen(pixels.Slice(from, _options.Width), levels[(row * _options.Width)..]);
        }
    }

    private PictureDecoder Rent()
    {
        lock (_gate)
        {
            if (_decoders.TryPop(out PictureDecoder? decoder))
            {
                return decoder;
            }
        }
        return new PictureDecoder(_height, _width, _options);
    }
}
