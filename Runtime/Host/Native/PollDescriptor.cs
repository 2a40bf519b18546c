using System.Runtime.InteropServices;

namespace Edge.Runtime.Native;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal int Descriptor;
    internal short Events;
    internal short Happened;
}
