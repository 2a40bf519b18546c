namespace Edge.PowerCut;

/// <summary>A request that reached a disk.</summary>
/// <param name="Offset">Where on the disk, in bytes.</param>
/// <param name="Bytes">What was written; none for a flush.</param>
/// <param name="IsFlush">Whether the disk was told to make durable what was written before.</param>
internal readonly record struct LoggedWrite(long Offset, byte[] Bytes, bool IsFlush);
