using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Edge.Hardware.Linux;

namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>An attribute of the kernel, opened anew for every look since a driver may have gone and come back.</summary>
/// <param name="path">Its path.</param>
internal sealed unsafe class SysfsFile(string path)
{
    private const int MaximumBytes = 4096;

    private readonly byte[] _path = Encoding.UTF8.GetBytes(path + "\0");
    private readonly byte[] _bytes = new byte[MaximumBytes];

    /// <summary>Reads what is there.</summary>
    /// <returns>The bytes without the trailing line end, valid until the next look; empty where reading failed.</returns>
    internal ReadOnlySpan<byte> Read(out SensorStatus status)
    {
        int descriptor;
        fixed (byte* name = _path)
        {
            descriptor = Libc.Open(name, Libc.ReadOnly | Libc.CloseOnExec);
        }
        if (descriptor < 0)
        {
            status = SensorStatus.NoAnswer;
            return [];
        }
        nint count;
        int errno;
        fixed (byte* target = _bytes)
        {
            count = Libc.Read(descriptor, target, MaximumBytes);
            errno = Marshal.GetLastPInvokeError();
        }
        _ = Libc.Close(descriptor);
        status = count >= 0 ? SensorStatus.Ok : errno == Errno.TryAgain ? SensorStatus.NotReady : SensorStatus.BusFailed;
        return count > 0 ? _bytes.AsSpan(0, (int)count).TrimEnd((byte)'\n') : [];
    }

    /// <summary>Reads a number.</summary>
    internal SensorStatus Read(out double value)
    {
        ReadOnlySpan<byte> text = Read(out SensorStatus status);
        value = double.NaN;
        return status != SensorStatus.Ok ? status
            : Utf8Parser.TryParse(text, out value, out int used) && used == text.Length ? SensorStatus.Ok : SensorStatus.Invalid;
    }

    /// <summary>Reads a text once.</summary>
    /// <returns>The text; null where there is none.</returns>
    internal static string? Text(string path)
    {
        ReadOnlySpan<byte> bytes = new SysfsFile(path).Read(out SensorStatus status);
        return status == SensorStatus.Ok ? Encoding.UTF8.GetString(bytes).Trim() : null;
    }
}
