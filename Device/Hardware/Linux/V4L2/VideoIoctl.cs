namespace Edge.Hardware.Linux.V4L2;

/// <summary>Request codes and constants of linux/videodev2.h.</summary>
internal static class VideoIoctl
{
    internal const uint Capture = 1;
    internal const uint CaptureMultiplanar = 9;
    internal const uint MemoryMap = 1;
    internal const uint FieldAny = 0;
    internal const uint QuantizationFull = 1;

    internal static readonly uint QueryCapability = Ioctl.Read<V4l2Capability>('V', 0);
    internal static readonly uint EnumerateFormats = Ioctl.Both<V4l2FormatDescription>('V', 2);
    internal static readonly uint GetFormat = Ioctl.Both<V4l2Format>('V', 4);
    internal static readonly uint SetFormat = Ioctl.Both<V4l2Format>('V', 5);
    internal static readonly uint RequestBuffers = Ioctl.Both<V4l2RequestBuffers>('V', 8);
    internal static readonly uint QueryBuffer = Ioctl.Both<V4l2Buffer>('V', 9);
    internal static readonly uint QueueBuffer = Ioctl.Both<V4l2Buffer>('V', 15);
    internal static readonly uint DequeueBuffer = Ioctl.Both<V4l2Buffer>('V', 17);
    internal static readonly uint StreamOn = Ioctl.Write<int>('V', 18);
    internal static readonly uint StreamOff = Ioctl.Write<int>('V', 19);
    internal static readonly uint GetParameters = Ioctl.Both<V4l2StreamParameters>('V', 21);
    internal static readonly uint SetParameters = Ioctl.Both<V4l2StreamParameters>('V', 22);
    internal static readonly uint GetControl = Ioctl.Both<V4l2Control>('V', 27);
    internal static readonly uint SetControl = Ioctl.Both<V4l2Control>('V', 28);
    internal static readonly uint QueryControl = Ioctl.Both<V4l2QueryControl>('V', 36);
    internal static readonly uint EnumerateFrameSizes = Ioctl.Both<V4l2FrameSizes>('V', 74);
    internal static readonly uint EnumerateFrameIntervals = Ioctl.Both<V4l2FrameIntervals>('V', 75);
}
