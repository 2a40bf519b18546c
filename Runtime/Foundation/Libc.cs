using System.Runtime.InteropServices;

namespace Edge.Foundation;

/// <summary>The few calls of the C library that .NET has no word for.</summary>
internal static partial class Libc
{
    /// <summary>O_RDONLY | O_CLOEXEC: the same on every Linux architecture, unlike O_DIRECTORY.</summary>
    internal const int ReadOnlyCloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint GetEnv(string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);
}
