using System.Runtime.InteropServices;

namespace Edge.Runtime.Native;

/// <summary>The calls of the C library that this program needs itself; constants are the same on x64 and arm64.</summary>
internal static unsafe partial class Libc
{
    internal const int ReadOnly = 0;
    internal const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;
    internal const short PollIn = 1;
    internal const short PollError = 8;
    internal const short PollHangUp = 16;
    internal const int Interrupted = 4;
    internal const int TryAgain = 11;

    /// <summary>Ends the process at once, with nothing run behind it.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void ExitNow(int status);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, byte* target, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int descriptor, long offset, int whence);

    /// <summary>Sleeps on the monotonic clock, or until a signal.</summary>
    /// <param name="clock">1 is CLOCK_MONOTONIC.</param>
    /// <param name="flags">1 takes the time as a moment, 0 as a duration.</param>
    /// <param name="time">Seconds and nanoseconds.</param>
    /// <param name="left">Null.</param>
    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    internal static partial int Sleep(int clock, int flags, long* time, long* left);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Status(int folder, string path, int flags, uint mask, byte* status);

    /// <summary>Gives free heap memory back to the system (glibc).</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    internal static partial int TrimHeap(nuint keep);
}
