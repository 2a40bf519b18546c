using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_fract</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct V4l2Fraction
{
    internal uint Numerator;
    internal uint Denominator;

    /// <summary>The rate of an interval; 0 if it says nothing.</summary>
    internal readonly double Rate => Numerator == 0 ? 0 : (double)Denominator / Numerator;
}
