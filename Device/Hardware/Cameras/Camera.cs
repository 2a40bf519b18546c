using System.Diagnostics;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Cameras;

/// <summary>
/// A camera that streams into memory shared with its driver (V4L2 memory-mapped streaming). One thread takes frames; any
/// thread may give them back. A frame allocates nothing on the managed heap.
/// </summary>
public sealed class Camera : IDisposable
{
    private const uint LargestBuffer = 256 << 20;

    private readonly object _gate = new();
    private readonly KernelFile _file;
    private readonly VideoQueue _queue;
    private readonly List<CameraBuffer> _buffers = [];
    private readonly int _leastBytes;
    private int _queued;
    private int _queueError;
    private uint _nextSequence;
    private bool _hasSequence;
    private bool _closed;

    private Camera(KernelFile file, VideoQueue queue, CameraInfo info, CameraMode mode)
    {
        (_file, _queue, Info, Mode) = (file, queue, info, mode);
        int row = mode.Format.RowBytes(mode.Width);
        // The last row may end without the gap behind it.
        _leastBytes = row == 0 ? 1 : checked((int)(mode.Format.ImageBytes(mode.Stride, mode.Height) - (mode.Stride - row)));
    }

    /// <summary>What the driver says about the camera.</summary>
    public CameraInfo Info { get; }

    /// <summary>How it streams.</summary>
    public CameraMode Mode { get; }

    /// <summary>Buffers that the driver can fill at this moment.</summary>
    public int QueuedBuffers => Volatile.Read(ref _queued);

    /// <summary>Frames that the driver marked as damaged, or that were too short.</summary>
    public long Damaged { get; private set; }

    /// <summary>Frames missing from the driver's count: it had no buffer, or the link lost them.</summary>
    public long Missed { get; private set; }

    /// <summary>Opens a camera, agrees on a mode, and starts it.</summary>
    /// <param name="device">A device file, or part of the name or bus of one camera that is plugged in.</param>
    /// <param name="options">What is wished.</param>
    /// <exception cref="HardwareException">There is no such camera, it is busy, or it cannot stream.</exception>
    public static Camera Open(string device, CameraOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = CameraFinder.Find(device);
#pragma warning disable CA2000 // The camera disposes it.
        return Open(DeviceFile.Open(path), path, options);
#pragma warning restore CA2000
    }

    /// <summary>Takes the file over.</summary>
    internal static Camera Open(KernelFile file, string path, CameraOptions options)
    {
        try
        {
            CameraInfo info = CameraQueries.Introduce(file, path, out VideoQueue queue)
                ?? throw new HardwareException($"{path}: is no camera that streams: name one that edge-runtime doctor --hardware lists");
            CameraControls.Apply(file, path, options.Controls);
            var camera = new Camera(file, queue, info, CameraNegotiation.Agree(file, queue, path, options));
            camera.Start(options.Buffers);
            return camera;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next good frame.</summary>
    /// <param name="timeoutMilliseconds">The longest wait.</param>
    /// <returns>The frame, to be given back; null if none came, or the one that came was damaged.</returns>
    /// <exception cref="HardwareException">The camera is gone or has stopped: close it and open it again.</exception>
    public CameraBuffer? Take(int timeoutMilliseconds)
    {
        if (Volatile.Read(ref _queueError) is not 0 and int error)
        {
            throw Failure(error);
        }
        int events = _file.Wait(PollDescriptor.In, timeoutMilliseconds);
        if (events <= 0)
        {
            return events == 0 ? null : throw Failure(events);
        }
        int result = _queue.Dequeue(out V4l2Buffer filled);
        if (result == -Errno.TryAgain)
        {
            // An error without a frame and without a reason would be asked for again and again without a pause.
            return (events & (PollDescriptor.Error | PollDescriptor.HangUp)) == 0 ? null : throw Failure(-Errno.InputOutput);
        }
        if (result < 0)
        {
            throw Failure(result);
        }
        if (filled.Index >= (uint)_buffers.Count)
        {
            throw new HardwareException($"{Info.Path}: the driver names buffer {filled.Index} of {_buffers.Count}: its driver is at fault");
        }
        CameraBuffer buffer = _buffers[(int)filled.Index];
        lock (_gate)
        {
            _queued--;
            buffer.IsLent = true;
        }
        Count(filled.Sequence);
        bool good = (filled.Flags & V4l2Buffer.FlagError) == 0 && filled.BytesUsed >= (uint)_leastBytes && filled.BytesUsed <= buffer.Capacity;
        if (!good)
        {
            Damaged++;
            buffer.Release();
            return null;
        }
        (buffer.Length, buffer.Sequence, buffer.Timestamp) = ((int)filled.BytesUsed, filled.Sequence, TimeOf(filled));
        return buffer;
    }

    /// <summary>Sets a control.</summary>
    /// <param name="name">Its name as <see cref="CameraControl.Name"/> has it.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="HardwareException">There is no such control, or the driver refuses the value.</exception>
    public void Set(string name, int value) => CameraControls.Set(_file, Info.Path, name, value);

    /// <summary>What can be set.</summary>
    public IReadOnlyList<CameraControl> Controls() => CameraControls.List(_file);

    /// <summary>Stops and closes the camera. Frames that are still looked at stay readable until they are given back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }
            _closed = true;
            _ = _queue.Stream(on: false);
            foreach (CameraBuffer buffer in _buffers)
            {
                if (!buffer.IsLent)
                {
                    _file.Unmap(buffer.Address, buffer.Capacity);
                }
            }
        }
        _file.Dispose();
    }

    internal void GiveBack(CameraBuffer buffer)
    {
        lock (_gate)
        {
            if (!buffer.IsLent)
            {
                return;
            }
            buffer.IsLent = false;
            if (_closed)
            {
                _file.Unmap(buffer.Address, buffer.Capacity);
            }
            else if (Queue(buffer.Index) is < 0 and int error)
            {
                Volatile.Write(ref _queueError, error);
            }
        }
    }

    private static long TimeOf(in V4l2Buffer filled)
    {
        // CLOCK_MONOTONIC, in nanoseconds: what Stopwatch reads on Linux.
        long now = Stopwatch.GetTimestamp();
        long stamp = (filled.Seconds * 1_000_000_000) + (filled.Microseconds * 1000);
        bool usable = (filled.Flags & V4l2Buffer.FlagTimestampMask) == V4l2Buffer.FlagTimestampMonotonic
            && stamp <= now && now - stamp < 10 * Stopwatch.Frequency;
        return usable ? stamp : now;
    }

    private void Start(int count)
    {
        var request = new V4l2RequestBuffers { Count = (uint)Math.Clamp(count, 2, 32) };
        int result = _queue.Request(ref request);
        if (result < 0 || request.Count is 0 or > 64)
        {
            throw new HardwareException($"{Info.Path}: gives no buffers to stream into ({Errno.Describe(result)})");
        }
        try
        {
            for (int i = 0; i < request.Count; i++)
            {
                _buffers.Add(MapBuffer(i));
            }
            for (int i = 0; i < _buffers.Count && result >= 0; i++)
            {
                result = Queue(i);
            }
            result = result < 0 ? result : _queue.Stream(on: true);
            if (result < 0)
            {
                throw new HardwareException($"{Info.Path}: does not start streaming {Mode} ({Errno.Describe(result)})");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private CameraBuffer MapBuffer(int index)
    {
        int result = _queue.Query(index, out uint length, out uint offset);
        if (result < 0 || length < (uint)_leastBytes || length > LargestBuffer)
        {
            throw new HardwareException($"{Info.Path}: buffer {index} has {length} bytes, which do not hold {Mode} ({Errno.Describe(result)})");
        }
        nint address = _file.Map(length, offset);
        return address != 0
            ? new CameraBuffer(this, index, address, length)
            : throw new HardwareException($"{Info.Path}: buffer {index} of {length} bytes cannot be mapped: is there enough memory?");
    }

    private int Queue(int index)
    {
        int result = _queue.Queue(index);
        _queued += result >= 0 ? 1 : 0;
        return result;
    }

    private void Count(uint sequence)
    {
        uint gap = sequence - _nextSequence;
        // A driver that starts its count anew has lost nothing.
        Missed += _hasSequence && gap < 10_000 ? gap : 0;
        (_nextSequence, _hasSequence) = (sequence + 1, true);
    }

    private HardwareException Failure(int error) => new($"{Info.Path}: streaming broke off ({Errno.Describe(error)})");
}
