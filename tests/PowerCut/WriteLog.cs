using System.Buffers.Binary;

namespace Edge.PowerCut;

/// <summary>
/// The log of QEMU's blklogwrites, in the format of Linux's dm-log-writes: a superblock with the number of entries, then for each
/// request a header of one sector and the bytes that were written. It grows while it is read.
/// </summary>
internal sealed class WriteLog : IDisposable
{
    private const ulong Magic = 0x6a736677736872;
    private const int Sector = 512;
    private const ulong Flush = 1;
    private const ulong Discard = 4;
    private const int LongestWrite = 64 << 20;

    private readonly FileStream _stream;
    private readonly byte[] _sector = new byte[Sector];
    private long _next = Sector;
    private long _read;

    internal WriteLog(string device) => _stream = new FileStream(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>Requests so far.</summary>
    internal long Count()
    {
        ReadAt(0, _sector);
        if (!_sector.AsSpan().ContainsAnyExcept((byte)0))
        {
            // Written with the first request.
            return 0;
        }
        if (BinaryPrimitives.ReadUInt64LittleEndian(_sector) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(_sector.AsSpan(24)) != Sector)
        {
            throw new IOException($"{_stream.Name}: no write log");
        }
        return BinaryPrimitives.ReadInt64LittleEndian(_sector.AsSpan(16));
    }

    /// <summary>Reads the requests that were not read before.</summary>
    internal List<LoggedWrite> Read()
    {
        var writes = new List<LoggedWrite>();
        for (long count = Count(); _read < count; _read++)
        {
            ReadAt(_next, _sector);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(_sector) * Sector;
            long length = BinaryPrimitives.ReadInt64LittleEndian(_sector.AsSpan(8)) * Sector;
            ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(_sector.AsSpan(16));
            _next += Sector;
            if (length is < 0 or > LongestWrite)
            {
                throw new IOException($"{_stream.Name}: entry {_read} is {length} bytes long");
            }
            byte[] bytes = [];
            if ((flags & Discard) == 0 && length > 0)
            {
                bytes = new byte[length];
                ReadAt(_next, bytes);
                _next += length;
            }
            writes.Add(new LoggedWrite(offset, bytes, (flags & Flush) != 0));
        }
        return writes;
    }

    public void Dispose() => _stream.Dispose();

    private void ReadAt(long offset, byte[] bytes)
    {
        Native.Forget(_stream.SafeFileHandle);
        _stream.Position = offset;
        _stream.ReadExactly(bytes);
    }
}
