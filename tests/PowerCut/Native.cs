using System.Runtime.InteropServices;

namespace Edge.PowerCut;

/// <summary>What a guest's kernel is asked for, and .NET has no call for.</summary>
internal static partial class Native
{
    private const int DropCached = 4;

    /// <summary>Mounts an ext4.</summary>
    /// <param name="device">What it is on.</param>
    /// <param name="folder">Where it goes.</param>
    /// <param name="options">Options of ext4.</param>
    /// <exception cref="IOException">It cannot be mounted.</exception>
    internal static void Mount(string device, string folder, string? options = null)
    {
        if (MountAt(device, folder, "ext4", 0, options) != 0)
        {
            throw new IOException($"{device} does not mount: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Takes a file system away.</summary>
    /// <exception cref="IOException">Something still uses it.</exception>
    internal static void Unmount(string folder)
    {
        if (UnmountAt(folder, 0) != 0)
        {
            throw new IOException($"{folder} cannot be unmounted: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Forgets what was read of a device, so that the next read asks it.</summary>
    internal static void Forget(Microsoft.Win32.SafeHandles.SafeFileHandle device) => _ = Advise(device, 0, 0, DropCached);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MountAt(string source, string target, string type, nuint flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int UnmountAt(string target, int flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise64")]
    private static partial int Advise(Microsoft.Win32.SafeHandles.SafeFileHandle device, long offset, long length, int advice);
}
