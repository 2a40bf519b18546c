using System.Runtime.InteropServices;
using Edge.Runtime.Native;

namespace Edge.Runtime.Sinks;

/// <summary>Writes whole lines to a file descriptor, each with one call where the system takes it whole.</summary>
internal static unsafe class LineOutput
{
    /// <summary>Writes all bytes.</summary>
    /// <param name="descriptor">The open descriptor.</param>
    /// <param name="bytes">What to write.</param>
    /// <returns>0, or the system's error number.</returns>
    internal static int WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            int written = 0;
            while (written < bytes.Length)
            {
                nint count = Libc.Write(descriptor, first + written, (nuint)(bytes.Length - written));
                if (count >= 0)
                {
                    written += (int)count;
                    continue;
                }
                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.TryAgain)
                {
                    var poll = new PollDescriptor { Descriptor = descriptor, Events = 4 };
                    _ = Libc.Poll(&poll, 1, 1000);
                }
                else if (error != Libc.Interrupted)
                {
                    return error;
                }
            }
        }
        return 0;
    }
}
