using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Cameras;

/// <summary>What a driver says about its camera.</summary>
internal static unsafe class CameraQueries
{
    private const int MaximumFormats = 256;
    private const int MaximumSizes = 256;
    private const int MaximumRates = 64;
    private const int LargestSide = 16_384;

    /// <summary>The camera; null if the device file does not capture frames into shared memory.</summary>
    /// <param name="file">The device.</param>
    /// <param name="path">Its file.</param>
    /// <param name="queue">Gets the camera's buffers.</param>
    internal static CameraInfo? Introduce(KernelFile file, string path, out VideoQueue queue)
    {
        V4l2Capability capability = default;
        bool answers = file.Control(VideoIoctl.QueryCapability, &capability) >= 0;
        bool isSingle = (capability.Effective & V4l2Capability.VideoCapture) != 0;
        bool isMultiplanar = (capability.Effective & V4l2Capability.VideoCaptureMultiplanar) != 0;
        queue = new VideoQueue(file, isMultiplanar && !isSingle);
        return answers && (isSingle || isMultiplanar) && (capability.Effective & V4l2Capability.Streaming) != 0
            ? new CameraInfo(path, FixedText.Read(capability.Card, 32), FixedText.Read(capability.Driver, 16), FixedText.Read(capability.BusInfo, 32))
            : null;
    }

    /// <summary>Every format.</summary>
    internal static List<FourCC> Formats(KernelFile file, VideoQueue queue)
    {
        var formats = new List<FourCC>();
        for (uint i = 0; i < MaximumFormats; i++)
        {
            var description = new V4l2FormatDescription { Index = i, Type = queue.Type };
            if (file.Control(VideoIoctl.EnumerateFormats, &description) < 0)
            {
                break;
            }
            formats.Add(new FourCC(description.PixelFormat));
        }
        return formats;
    }

    /// <summary>The sizes of a format; any size where the driver lists none.</summary>
    internal static List<CameraSize> Sizes(KernelFile file, FourCC format)
    {
        var sizes = new List<CameraSize>();
        for (uint i = 0; i < MaximumSizes; i++)
        {
            var entry = new V4l2FrameSizes { Index = i, PixelFormat = format.Value };
            if (file.Control(VideoIoctl.EnumerateFrameSizes, &entry) < 0)
            {
                break;
            }
            CameraSize size = entry.Type == V4l2FrameSizes.Discrete
                ? Size(format, entry.MinimumWidth, entry.MinimumWidth, 1, entry.MaximumWidth, entry.MaximumWidth, 1)
                : Size(format, entry.MinimumWidth, entry.MaximumWidth, entry.StepWidth, entry.MinimumHeight, entry.MaximumHeight, entry.StepHeight);
            if (size.MinimumWidth > 0 && size.MinimumHeight > 0)
            {
                sizes.Add(size with { Rate = HighestRate(file, format, size.MaximumWidth, size.MaximumHeight) });
            }
            if (entry.Type != V4l2FrameSizes.Discrete)
            {
                break;
            }
        }
        if (sizes.Count == 0)
        {
            sizes.Add(new CameraSize(format, 1, LargestSide, 1, 1, LargestSide, 1, 0));
        }
        return sizes;
    }

    /// <summary>The highest rate at a size; 0 if the driver does not say.</summary>
    internal static double HighestRate(KernelFile file, FourCC format, int width, int height)
    {
        double highest = 0;
        for (uint i = 0; i < MaximumRates; i++)
        {
            var entry = new V4l2FrameIntervals { Index = i, PixelFormat = format.Value, Width = (uint)width, Height = (uint)height };
            if (file.Control(VideoIoctl.EnumerateFrameIntervals, &entry) < 0)
            {
                break;
            }
            highest = Math.Max(highest, entry.Minimum.Rate);
            if (entry.Type != V4l2FrameSizes.Discrete)
            {
                break;
            }
        }
        return highest;
    }

    private static CameraSize Size(FourCC format, uint minimumWidth, uint maximumWidth, uint stepWidth, uint minimumHeight, uint maximumHeight, uint stepHeight) =>
        new(format, Side(minimumWidth), Side(maximumWidth), Side(stepWidth), Side(minimumHeight), Side(maximumHeight), Side(stepHeight), 0);

    private static int Side(uint value) => (int)Math.Min(value, LargestSide);
}
