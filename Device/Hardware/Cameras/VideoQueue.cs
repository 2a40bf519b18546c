using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Cameras;

/// <summary>
/// The queue of a camera's buffers, in V4L2's single-planar words or in the multi-planar ones that the drivers of many
/// systems-on-chip speak alone. Of the latter only formats whose planes lie in one memory can be used. Results are those of
/// <see cref="KernelFile.Control"/>.
/// </summary>
/// <param name="file">The device.</param>
/// <param name="isMultiplanar">Which words the driver speaks.</param>
internal sealed unsafe class VideoQueue(KernelFile file, bool isMultiplanar)
{
    private const uint FieldNone = 1;

    /// <summary>The buffers' type in ioctls.</summary>
    internal uint Type { get; } = isMultiplanar ? VideoIoctl.CaptureMultiplanar : VideoIoctl.Capture;

    /// <summary>Asks for a format.</summary>
    internal int SetFormat(FourCC pixels, int width, int height, out VideoFormat given)
    {
        int result;
        if (isMultiplanar)
        {
            var several = new V4l2FormatMultiplanar { Type = Type };
            file.Control(VideoIoctl.GetFormat, &several);
            (several.Type, several.Width, several.Height, several.PixelFormat) = (Type, (uint)width, (uint)height, pixels.Value);
            (several.Field, several.BytesPerLine, several.SizeImage, several.Planes) = (FieldNone, 0, 0, 1);
            result = file.Control(VideoIoctl.SetFormat, &several);
            given = VideoFormat.Of(several);
            return result;
        }
        var format = new V4l2Format { Type = Type };
        file.Control(VideoIoctl.GetFormat, &format);
        (format.Type, format.Width, format.Height, format.PixelFormat) = (Type, (uint)width, (uint)height, pixels.Value);
        (format.Field, format.BytesPerLine, format.SizeImage) = (FieldNone, 0, 0);
        result = file.Control(VideoIoctl.SetFormat, &format);
        given = VideoFormat.Of(format);
        return result;
    }

    /// <summary>Asks for buffers in the driver's memory.</summary>
    internal int Request(ref V4l2RequestBuffers request)
    {
        (request.Type, request.Memory) = (Type, VideoIoctl.MemoryMap);
        fixed (V4l2RequestBuffers* pointer = &request)
        {
            return file.Control(VideoIoctl.RequestBuffers, pointer);
        }
    }

    /// <summary>Where a buffer lies.</summary>
    internal int Query(int index, out uint length, out uint offset)
    {
        V4l2Plane plane = default;
        V4l2Buffer buffer = Describe(index, &plane);
        int result = file.Control(VideoIoctl.QueryBuffer, &buffer);
        (length, offset) = isMultiplanar ? (plane.Length, plane.Offset) : (buffer.Length, buffer.Offset);
        return result;
    }

    /// <summary>Gives a buffer to the driver.</summary>
    internal int Queue(int index)
    {
        V4l2Plane plane = default;
        V4l2Buffer buffer = Describe(index, &plane);
        return file.Control(VideoIoctl.QueueBuffer, &buffer);
    }

    /// <summary>Takes a filled buffer.</summary>
    /// <param name="filled">What the driver says of it; its bytes are those of the one memory.</param>
    internal int Dequeue(out V4l2Buffer filled)
    {
        V4l2Plane plane = default;
        V4l2Buffer buffer = Describe(0, &plane);
        int result = file.Control(VideoIoctl.DequeueBuffer, &buffer);
        if (isMultiplanar)
        {
            buffer.BytesUsed = plane.BytesUsed;
            // A header in front of the picture is none that anybody here could read.
            buffer.Flags |= plane.DataOffset != 0 ? V4l2Buffer.FlagError : 0;
        }
        filled = buffer;
        return result;
    }

    /// <summary>Starts or stops the stream.</summary>
    internal int Stream(bool on)
    {
        int type = (int)Type;
        return file.Control(on ? VideoIoctl.StreamOn : VideoIoctl.StreamOff, &type);
    }

    private V4l2Buffer Describe(int index, V4l2Plane* plane)
    {
        var buffer = new V4l2Buffer { Index = (uint)index, Type = Type, Memory = VideoIoctl.MemoryMap };
        if (isMultiplanar)
        {
            (buffer.Planes, buffer.Length) = ((nint)plane, 1);
        }
        return buffer;
    }
}
