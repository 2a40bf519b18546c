namespace Edge.Hardware.Cameras;

/// <summary>
/// A frame in the driver's own memory. Whoever takes it from <see cref="Camera.Take"/> gives it back with <see cref="Release"/>,
/// on any thread; until then the driver does not write to it. It stays readable when the camera is closed or unplugged meanwhile.
/// </summary>
public sealed unsafe class CameraBuffer
{
    private readonly Camera _camera;

    internal CameraBuffer(Camera camera, int index, nint address, uint capacity) =>
        (_camera, Index, Address, Capacity) = (camera, index, address, capacity);

    /// <summary>Bytes of the frame.</summary>
    public int Length { get; internal set; }

    /// <summary>When the driver had the frame, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Timestamp { get; internal set; }

    /// <summary>The driver's number of the frame; a gap means that frames were lost.</summary>
    public uint Sequence { get; internal set; }

    /// <summary>The frame.</summary>
    public ReadOnlySpan<byte> Bytes => new((void*)Address, Length);

    internal int Index { get; }

    internal nint Address { get; }

    internal uint Capacity { get; }

    /// <summary>Whether somebody outside has it. Under the camera's lock.</summary>
    internal bool IsLent { get; set; }

    /// <summary>Gives the buffer back; a second time does nothing.</summary>
    public void Release() => _camera.GiveBack(this);
}
