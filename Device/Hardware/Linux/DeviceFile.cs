using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux;

/// <summary>A real device file.</summary>
internal sealed unsafe class DeviceFile : KernelFile
{
    private readonly int _descriptor;
    private int _closed;

    internal DeviceFile(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens a device file; reads of it never block.</summary>
    /// <exception cref="HardwareException">It cannot be opened.</exception>
    internal static DeviceFile Open(string path, bool writable = true)
    {
        int descriptor = Libc.Open(path, (writable ? Libc.ReadWrite : Libc.ReadOnly) | Libc.NonBlocking | Libc.CloseOnExec);
        return descriptor >= 0
            ? new DeviceFile(descriptor)
            : throw new HardwareException($"{path}: cannot be opened ({Errno.Describe(Marshal.GetLastPInvokeError())})");
    }

    internal override int Control(uint request, void* argument)
    {
        while (true)
        {
            int result = Libc.Ioctl(_descriptor, request, argument);
            if (result >= 0)
            {
                return result;
            }
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.Interrupted)
            {
                return -errno;
            }
        }
    }

    internal override int Wait(short events, int timeoutMilliseconds)
    {
        var descriptor = new PollDescriptor { Descriptor = _descriptor, Events = events };
        int count = Libc.Poll(&descriptor, 1, timeoutMilliseconds);
        if (count > 0)
        {
            return descriptor.Happened;
        }
        int errno = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        return errno == Errno.Interrupted ? 0 : -errno;
    }

    internal override int Read(Span<byte> target)
    {
        nint count;
        fixed (byte* pointer = target)
        {
            count = Libc.Read(_descriptor, pointer, (nuint)target.Length);
        }
        return count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
    }

    internal override nint Map(uint length, uint offset)
    {
        nint address = Libc.Map(0, length, Libc.ProtectRead | Libc.ProtectWrite, Libc.MapShared, _descriptor, offset);
        return address == -1 ? 0 : address;
    }

    internal override void Unmap(nint address, uint length) => _ = Libc.Unmap(address, length);

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _ = Libc.Close(_descriptor);
        }
    }
}
