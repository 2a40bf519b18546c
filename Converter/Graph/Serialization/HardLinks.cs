using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Edge.Graph.Serialization;

/// <summary>How many names a file has: one of them may lie where nobody meant to read.</summary>
internal static partial class HardLinks
{
    // linux/stat.h: the same on every machine. stx_nlink is 32 bits wide and stands at 16.
    private const int StatxBytes = 256;
    private const int LinkCountOffset = 16;
    private const uint LinkCountMask = 4;
    private const int CurrentFolder = -100;

    /// <summary>Counts the names of a file.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    internal static unsafe uint Count(string path)
    {
        byte* result = stackalloc byte[StatxBytes];
        if (Statx(CurrentFolder, path, 0, LinkCountMask, result) != 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        return BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(result + LinkCountOffset, sizeof(uint)));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* result);
}
