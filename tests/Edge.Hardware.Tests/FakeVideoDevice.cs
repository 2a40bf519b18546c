using System.Diagnostics;
using System.Runtime.InteropServices;
using Edge.Hardware.Cameras;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Tests;

/// <summary>A camera's driver at the level of ioctls: formats, buffers in real memory, a queue, and faults.</summary>
internal sealed unsafe class FakeVideoDevice : KernelFile
{
    private const uint BufferBytes = 640 * 480 * 2;

    private readonly Queue<uint> _queue = new();
    private readonly Dictionary<nint, uint> _mapped = [];
    private uint _buffers;

    internal (FourCC Format, int Width, int Height, int Rate)[] Offers { get; init; } = [(FourCC.Yuyv, 640, 480, 30)];

    /// <summary>What S_FMT gives, whatever is asked; null gives what is asked.</summary>
    internal FourCC? Stubborn { get; init; }

    internal int TimePerFrame { get; private set; }

    internal Dictionary<uint, int> Controls { get; } = [];

    /// <summary>What the next dequeue answers instead of a frame, negated.</summary>
    internal int DequeueError { get; set; }

    internal int QueueError { get; set; }

    internal uint Flags { get; set; } = V4l2Buffer.FlagTimestampMonotonic;

    internal uint BytesUsed { get; set; } = BufferBytes;

    internal uint Sequence { get; set; }

    internal bool IsStreaming { get; private set; }

    /// <summary>Speaks V4L2's multi-planar words alone.</summary>
    internal bool IsMultiplanar { get; init; }

    /// <summary>In how many memories a multi-planar picture lies, whatever is asked.</summary>
    internal byte Memories { get; init; } = 1;

    /// <summary>Where the picture begins in its memory.</summary>
    internal uint DataOffset { get; set; }

    internal bool IsDisposed { get; private set; }

    internal int MappedCount => _mapped.Count;

    internal int QueuedCount => _queue.Count;

    internal override int Control(uint request, void* argument) => request switch
    {
        _ when request == VideoIoctl.QueryCapability => Introduce((V4l2Capability*)argument),
        _ when request == VideoIoctl.EnumerateFormats => NameFormat((V4l2FormatDescription*)argument),
        _ when request == VideoIoctl.EnumerateFrameSizes => NameSize((V4l2FrameSizes*)argument),
        _ when request == VideoIoctl.EnumerateFrameIntervals => NameInterval((V4l2FrameIntervals*)argument),
        _ when request == VideoIoctl.SetFormat => SetFormat((V4l2Format*)argument),
        _ when request == VideoIoctl.GetParameters => GetParameters((V4l2StreamParameters*)argument),
        _ when request == VideoIoctl.SetParameters => SetParameters((V4l2StreamParameters*)argument),
        _ when request == VideoIoctl.QueryControl => NameControl((V4l2QueryControl*)argument),
        _ when request == VideoIoctl.SetControl => SetControl((V4l2Control*)argument),
        _ when request == VideoIoctl.RequestBuffers => (int)(_buffers = ((V4l2RequestBuffers*)argument)->Count) * 0,
        _ when request == VideoIoctl.QueryBuffer => NameBuffer((V4l2Buffer*)argument),
        _ when request == VideoIoctl.QueueBuffer => Enqueue((V4l2Buffer*)argument),
        _ when request == VideoIoctl.DequeueBuffer => Dequeue((V4l2Buffer*)argument),
        _ when request == VideoIoctl.StreamOn => Stream(true),
        _ when request == VideoIoctl.StreamOff => Stream(false),
        _ => -Errno.NotTerminal,
    };

    internal override int Wait(short events, int timeoutMilliseconds) =>
        DequeueError != 0 ? PollDescriptor.In | PollDescriptor.Error : _queue.Count > 0 ? PollDescriptor.In : 0;

    internal override int Read(Span<byte> target) => -Errno.Invalid;

    internal override nint Map(uint length, uint offset)
    {
        nint address = (nint)NativeMemory.AllocZeroed(length);
        _mapped.Add(address, length);
        return address;
    }

    internal override void Unmap(nint address, uint length)
    {
        Assert.True(_mapped.Remove(address, out uint mapped));
        Assert.Equal(mapped, length);
        NativeMemory.Free((void*)address);
    }

    public override void Dispose() => IsDisposed = true;

    private int Introduce(V4l2Capability* capability)
    {
        capability->Capabilities = V4l2Capability.DeviceCapsValid;
        capability->DeviceCaps = (IsMultiplanar ? V4l2Capability.VideoCaptureMultiplanar : V4l2Capability.VideoCapture) | V4l2Capability.Streaming;
        FixedText.Write("Fake camera", capability->Card, 32);
        return 0;
    }

    private int NameFormat(V4l2FormatDescription* description)
    {
        FourCC[] formats = [.. Offers.Select(offer => offer.Format).Distinct()];
        if (description->Index >= formats.Length)
        {
            return -Errno.Invalid;
        }
        description->PixelFormat = formats[description->Index].Value;
        return 0;
    }

    private int NameSize(V4l2FrameSizes* entry)
    {
        var offers = Offers.Where(offer => offer.Format.Value == entry->PixelFormat).ToArray();
        if (entry->Index >= offers.Length)
        {
            return -Errno.Invalid;
        }
        (entry->Type, entry->MinimumWidth, entry->MaximumWidth) = (V4l2FrameSizes.Discrete, (uint)offers[entry->Index].Width, (uint)offers[entry->Index].Height);
        return 0;
    }

    private int NameInterval(V4l2FrameIntervals* entry)
    {
        var offers = Offers.Where(offer => offer.Format.Value == entry->PixelFormat && offer.Width == entry->Width && offer.Height == entry->Height).ToArray();
        if (entry->Index >= offers.Length)
        {
            return -Errno.Invalid;
        }
        entry->Type = V4l2FrameSizes.Discrete;
        entry->Minimum = new V4l2Fraction { Numerator = 1, Denominator = (uint)offers[entry->Index].Rate };
        return 0;
    }

    private int SetFormat(V4l2Format* format)
    {
        if (IsMultiplanar)
        {
            var several = (V4l2FormatMultiplanar*)format;
            Assert.Equal((9u, 1), (several->Type, several->Planes));
            (several->BytesPerLine, several->SizeImage, several->Planes) = (several->Width * 2, BufferBytes, Memories);
            return 0;
        }
        format->PixelFormat = Stubborn?.Value ?? format->PixelFormat;
        format->BytesPerLine = format->Width * 2;
        format->SizeImage = BufferBytes;
        return 0;
    }

    private static int GetParameters(V4l2StreamParameters* parameters)
    {
        parameters->Capability = V4l2StreamParameters.TimePerFrame;
        return 0;
    }

    private int SetParameters(V4l2StreamParameters* parameters)
    {
        TimePerFrame = (int)parameters->Interval.Rate;
        return 0;
    }

    private int NameControl(V4l2QueryControl* query)
    {
        if ((query->Id & ~V4l2QueryControl.NextControl) >= 7)
        {
            return -Errno.Invalid;
        }
        (query->Id, query->Minimum, query->Maximum) = (7, 0, 255);
        FixedText.Write("White Balance, Auto", query->Name, 32);
        return 0;
    }

    private int SetControl(V4l2Control* control)
    {
        if (control->Value > 255)
        {
            return -Errno.Range;
        }
        Controls[control->Id] = control->Value;
        return 0;
    }

    private int NameBuffer(V4l2Buffer* buffer)
    {
        if (IsMultiplanar)
        {
            Assert.Equal((9u, 1u), (buffer->Type, buffer->Length));
            var plane = (V4l2Plane*)buffer->Planes;
            (plane->Length, plane->Offset) = (BufferBytes, buffer->Index * BufferBytes);
            return 0;
        }
        (buffer->Length, buffer->Offset) = (BufferBytes, buffer->Index * BufferBytes);
        return 0;
    }

    private int Enqueue(V4l2Buffer* buffer)
    {
        if (QueueError != 0)
        {
            return -QueueError;
        }
        Assert.True(buffer->Index < _buffers && !_queue.Contains(buffer->Index));
        _queue.Enqueue(buffer->Index);
        return 0;
    }

    private int Dequeue(V4l2Buffer* buffer)
    {
        if (DequeueError != 0)
        {
            return -DequeueError;
        }
        if (!_queue.TryDequeue(out uint index))
        {
            return -Errno.TryAgain;
        }
        long now = Stopwatch.GetTimestamp();
        (buffer->Index, buffer->BytesUsed, buffer->Flags, buffer->Sequence) = (index, BytesUsed, Flags, Sequence++);
        if (IsMultiplanar)
        {
            var plane = (V4l2Plane*)buffer->Planes;
            (plane->BytesUsed, plane->DataOffset, buffer->BytesUsed) = (BytesUsed, DataOffset, 0);
        }
        (buffer->Seconds, buffer->Microseconds) = (now / 1_000_000_000, now % 1_000_000_000 / 1000);
        return 0;
    }

    private int Stream(bool on)
    {
        IsStreaming = on;
        return 0;
    }
}
