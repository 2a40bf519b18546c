using System.Text;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Cameras;

/// <summary>Finds the mode that is nearest to a wish, and asks the driver for it.</summary>
internal static unsafe class CameraNegotiation
{
    private const int LargestSide = 16_384;
    private const uint FieldNone = 1;
    private const uint FieldInterlaced = 4;
    private const uint FieldInterlacedTop = 8;
    private const uint FieldInterlacedBottom = 9;
    private const uint ColorSpaceJpeg = 7;

    /// <summary>Formats that a frame can be read in, the best first: no decoding, and the least to read.</summary>
    internal static readonly FourCC[] Preference =
        [FourCC.Yuyv, FourCC.Nv12, FourCC.I420, FourCC.Rgb, FourCC.Bgr, FourCC.Mjpeg, FourCC.Jpeg, FourCC.Grey];

    /// <summary>Sets format, size and rate.</summary>
    /// <returns>What the driver has confirmed.</returns>
    /// <exception cref="HardwareException">The camera cannot do it.</exception>
    internal static CameraMode Agree(KernelFile file, VideoQueue queue, string path, CameraOptions options)
    {
        List<FourCC> formats = CameraQueries.Formats(file, queue);
        var sizes = new List<CameraSize>();
        foreach (FourCC format in Preference)
        {
            if (formats.Contains(format) && (options.Format is not { } wished || wished == format || (wished.IsJpeg && format.IsJpeg)))
            {
                sizes.AddRange(CameraQueries.Sizes(file, format));
            }
        }
        (CameraSize offer, int width, int height) = Choose(sizes, options) ?? throw new HardwareException(
            $"{path}: offers {Names(formats)}, but not {options.Format?.ToString() ?? Names(Preference)}: choose another format or camera");
        return Set(file, queue, path, offer, width, height, options);
    }

    /// <summary>The offer nearest in size, then high enough in rate, then first in preference; null if there is none.</summary>
    internal static (CameraSize Offer, int Width, int Height)? Choose(IReadOnlyList<CameraSize> offers, CameraOptions options)
    {
        double wished = options.FramesPerSecond ?? CameraOptions.DefaultRate;
        (CameraSize, int, int)? best = null;
        (int Distance, double Rate, int Preference) bestRank = default;
        foreach (CameraSize offer in offers)
        {
            (int width, int height) = offer.Nearest(options.Width ?? CameraOptions.DefaultWidth, options.Height ?? CameraOptions.DefaultHeight);
            int distance = Math.Abs(width - (options.Width ?? CameraOptions.DefaultWidth)) + Math.Abs(height - (options.Height ?? CameraOptions.DefaultHeight));
            // A driver that names no rate may have any.
            double rate = offer.Rate == 0 ? wished : Math.Min(offer.Rate, wished);
            var rank = (distance, -rate, Array.IndexOf(Preference, offer.Format));
            if (best is null || rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank) = ((offer, width, height), rank);
            }
        }
        return best;
    }

    private static CameraMode Set(KernelFile file, VideoQueue queue, string path, CameraSize offer, int width, int height, CameraOptions options)
    {
        int result = queue.SetFormat(offer.Format, width, height, out VideoFormat format);
        if (result < 0)
        {
            throw new HardwareException($"{path}: refuses {offer.Format} {width}x{height} ({Errno.Describe(result)})");
        }
        var given = new FourCC(format.PixelFormat);
        if (given != offer.Format)
        {
            throw new HardwareException($"{path}: was asked for {offer.Format} and gives {given}: choose another format");
        }
        if (format.Memories != 1)
        {
            throw new HardwareException($"{path}: gives {given} in {format.Memories} memories, which is not supported: choose another format");
        }
        if (format.Width is 0 or > LargestSide || format.Height is 0 or > LargestSide)
        {
            throw new HardwareException($"{path}: gives frames of {format.Width}x{format.Height}, which is more than {LargestSide} or nothing: choose another size");
        }
        if (format.Field is not (FieldNone or FieldInterlaced or FieldInterlacedTop or FieldInterlacedBottom))
        {
            throw new HardwareException($"{path}: gives half pictures (field order {format.Field}), which are not supported: choose another size or camera");
        }
        int row = given.RowBytes((int)format.Width);
        // Some drivers leave the length of a row at zero, or give that of compressed frames: both mean no gaps.
        int stride = row == 0 ? 0 : (int)Math.Clamp(format.BytesPerLine, (uint)row, (uint)row * 4);
        bool isFull = format.Quantization == VideoIoctl.QuantizationFull || (format.Quantization == 0 && format.ColorSpace == ColorSpaceJpeg);
        double rate = SetRate(file, queue, options.FramesPerSecond ?? (offer.Rate > 0 ? offer.Rate : CameraOptions.DefaultRate));
        return new CameraMode(given, (int)format.Width, (int)format.Height, stride, rate, isFull);
    }

    private static double SetRate(KernelFile file, VideoQueue queue, double wished)
    {
        var parameters = new V4l2StreamParameters { Type = queue.Type };
        if (file.Control(VideoIoctl.GetParameters, &parameters) < 0)
        {
            return 0;
        }
        if ((parameters.Capability & V4l2StreamParameters.TimePerFrame) != 0)
        {
            V4l2StreamParameters asked = parameters;
            asked.Interval = new V4l2Fraction { Numerator = 1000, Denominator = (uint)Math.Round(Math.Clamp(wished, 0.1, 10_000) * 1000) };
            if (file.Control(VideoIoctl.SetParameters, &asked) >= 0)
            {
                parameters = asked;
            }
        }
        return parameters.Interval.Rate;
    }

    private static string Names(IEnumerable<FourCC> formats)
    {
        var text = new StringBuilder();
        foreach (FourCC format in formats)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(format);
        }
        return text.Length == 0 ? "no format" : text.ToString();
    }
}
