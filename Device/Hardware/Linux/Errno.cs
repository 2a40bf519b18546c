using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux;

/// <summary>Error numbers of the kernel (asm-generic/errno.h), which x64 and arm64 share.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int Interrupted = 4;
    internal const int InputOutput = 5;
    internal const int NoSuchAddress = 6;
    internal const int TryAgain = 11;
    internal const int AccessDenied = 13;
    internal const int Busy = 16;
    internal const int NoDevice = 19;
    internal const int Invalid = 22;
    internal const int NotTerminal = 25;
    internal const int BrokenPipe = 32;
    internal const int Range = 34;
    internal const int NotSupported = 95;
    internal const int TimedOut = 110;
    internal const int RemoteInputOutput = 121;

    /// <summary>The system's words for an error, and what to do about the common ones.</summary>
    /// <param name="errno">Its number, positive or negated.</param>
    internal static string Describe(int errno)
    {
        int number = Math.Abs(errno);
        string words = Marshal.GetPInvokeErrorMessage(number);
        return number switch
        {
            NotPermitted or AccessDenied => $"{words}: give this user the right, for example by its group (video, i2c, gpio)",
            NoDevice => $"{words}: it was unplugged, or its driver let it go",
            Busy => $"{words}: another program or driver holds it",
            _ => words,
        };
    }
}
