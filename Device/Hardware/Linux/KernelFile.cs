namespace Edge.Hardware.Linux;

/// <summary>
/// A device file as the drivers here use it. Nothing throws: a result below zero is a negated error number, so that expected
/// outcomes (no frame yet, no acknowledgement) cost nothing. Tests stand in with a kernel of their own.
/// </summary>
internal abstract unsafe class KernelFile : IDisposable
{
    /// <summary>One ioctl; interrupted ones are repeated.</summary>
    /// <returns>What the driver gives, 0 or above; otherwise the negated error number.</returns>
    internal abstract int Control(uint request, void* argument);

    /// <summary>Waits until something can be read.</summary>
    /// <returns>The events that happened (<see cref="PollDescriptor"/>), 0 if the time is up, otherwise the negated error number.</returns>
    internal abstract int Wait(short events, int timeoutMilliseconds);

    /// <summary>Reads what is there.</summary>
    /// <returns>How many bytes, otherwise the negated error number.</returns>
    internal abstract int Read(Span<byte> target);

    /// <summary>Maps memory of the device.</summary>
    /// <returns>Its address; 0 if the driver refuses.</returns>
    internal abstract nint Map(uint length, uint offset);

    /// <summary>Lets mapped memory go; it may outlive the file.</summary>
    internal abstract void Unmap(nint address, uint length);

    public abstract void Dispose();
}
