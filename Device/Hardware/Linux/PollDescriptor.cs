using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal const short In = 1;
    internal const short Priority = 2;
    internal const short Error = 8;
    internal const short HangUp = 16;

    internal int Descriptor;
    internal short Events;
    internal short Happened;
}
