using System.Globalization;

namespace Edge.Hardware.Cameras;

/// <summary>How a camera streams, as its driver has confirmed it.</summary>
/// <param name="Format">What a frame holds.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Stride">Bytes from one row of the first plane to the next; 0 for compressed formats.</param>
/// <param name="FramesPerSecond">The rate; 0 if the driver does not say.</param>
/// <param name="IsFullRange">Whether YUV levels are 0 to 255 rather than 16 to 235.</param>
public sealed record CameraMode(FourCC Format, int Width, int Height, int Stride, double FramesPerSecond, bool IsFullRange)
{
    /// <summary>The mode in a few words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Format} {Width}x{Height} at {FramesPerSecond:0.##} frames/s");
}
