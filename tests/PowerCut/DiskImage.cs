namespace Edge.PowerCut;

/// <summary>The bytes of a disk after some of its writes: what is durable, and what was written since the last flush.</summary>
internal sealed class DiskImage
{
    private const int Page = 4096;
    private const int Block = 65536;

    private readonly byte[] _durable;
    private readonly List<LoggedWrite> _pending = [];

    internal DiskImage(byte[] bytes) => _durable = bytes;

    /// <summary>Writes that a power cut may take back.</summary>
    internal int Pending => _pending.Count;

    /// <summary>Pages of them.</summary>
    internal int PendingPages => _pending.Sum(Pages);

    /// <summary>The next request arrives.</summary>
    internal void Add(LoggedWrite write)
    {
        if (write.IsFlush)
        {
            foreach (LoggedWrite safe in _pending)
            {
                safe.Bytes.CopyTo(_durable, safe.Offset);
            }
            _pending.Clear();
        }
        if (write.Bytes.Length > 0)
        {
            _pending.Add(write);
        }
    }

    /// <summary>Writes what the disk holds after a power cut here.</summary>
    /// <param name="path">The file; zeros of the image stay holes.</param>
    /// <param name="cut">What the cut leaves.</param>
    /// <param name="random">Chooses pages.</param>
    internal void Write(string path, Cut cut, Random random)
    {
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.SetLength(0);
        stream.SetLength(_durable.Length);
        for (int at = 0; at < _durable.Length; at += Block)
        {
            ReadOnlySpan<byte> block = _durable.AsSpan(at, Math.Min(Block, _durable.Length - at));
            if (block.ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(stream.SafeFileHandle, block, at);
            }
        }
        for (int i = 0; i < _pending.Count; i++)
        {
            LoggedWrite write = _pending[i];
            bool isKept = cut switch { Cut.KeepsNewest => i == _pending.Count - 1, Cut.LosesOldest => i > 0, _ => true };
            for (int start = 0; isKept && start < write.Bytes.Length; start += Page)
            {
                if (cut != Cut.KeepsSome || random.Next(2) == 0)
                {
                    RandomAccess.Write(stream.SafeFileHandle, write.Bytes.AsSpan(start, Math.Min(Page, write.Bytes.Length - start)), write.Offset + start);
                }
            }
        }
    }

    private static int Pages(LoggedWrite write) => (write.Bytes.Length + Page - 1) / Page;
}
