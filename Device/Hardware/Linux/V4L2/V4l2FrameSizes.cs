using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_frmsizeenum</c>: a size (width, height), or a range of sizes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct V4l2FrameSizes
{
    internal const uint Discrete = 1;

    internal uint Index;
    internal uint PixelFormat;
    internal uint Type;

    /// <summary>The width; of a range the smallest, then the largest and the step of widths, then the same for heights.</summary>
    internal uint MinimumWidth;

    /// <summary>The height of a discrete size; otherwise the largest width.</summary>
    internal uint MaximumWidth;
    internal uint StepWidth;
    internal uint MinimumHeight;
    internal uint MaximumHeight;
    internal uint StepHeight;
    internal fixed uint Reserved[2];
}
