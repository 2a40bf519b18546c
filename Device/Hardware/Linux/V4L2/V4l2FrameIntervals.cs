using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_frmivalenum</c>: an interval between frames, or a range of intervals, as fractions of a second.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct V4l2FrameIntervals
{
    internal uint Index;
    internal uint PixelFormat;
    internal uint Width;
    internal uint Height;
    internal uint Type;

    /// <summary>The interval; of a range the shortest.</summary>
    internal V4l2Fraction Minimum;
    internal V4l2Fraction Maximum;
    internal V4l2Fraction Step;
    internal fixed uint Reserved[2];
}
