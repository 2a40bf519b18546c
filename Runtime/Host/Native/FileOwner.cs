using System.Buffers.Binary;

namespace Edge.Runtime.Native;

/// <summary>Who owns a file (<c>statx(2)</c>, whose answer is laid out alike on every processor).</summary>
internal static unsafe class FileOwner
{
    private const int CurrentFolder = -100;
    private const uint OwnerMask = 8;
    private const int StatusBytes = 256;
    private const int OwnerAt = 20;

    /// <summary>The user's number; null where the file is not to be looked at.</summary>
    internal static uint? Of(string path)
    {
        byte* status = stackalloc byte[StatusBytes];
        return Libc.Status(CurrentFolder, path, 0, OwnerMask, status) == 0
            ? BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(status + OwnerAt, sizeof(uint)))
            : null;
    }
}
