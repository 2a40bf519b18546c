using System.Globalization;

namespace Edge.Torch;

/// <summary>Where a tensor lives. The default value is the CPU.</summary>
/// <param name="CudaIndex">The CUDA device's number, or null for the CPU.</param>
public readonly record struct Device(int? CudaIndex)
{
    /// <summary>Main memory and the CPU.</summary>
    public static Device Cpu => default;

    /// <summary>Whether this is the CPU.</summary>
    public bool IsCpu => CudaIndex is null;

    internal int TypeCode => IsCpu ? 0 : 1;

    internal int IndexCode => CudaIndex ?? -1;

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Its number, from 0.</param>
    public static Device Cuda(int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new Device(index);
    }

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c> and checks that the device is there.</summary>
    /// <param name="text">What the user asked for.</param>
    /// <param name="fallback">Null if he gets it; otherwise one line that says why the CPU is used instead.</param>
    /// <exception cref="ArgumentException">The text names no kind of device.</exception>
    /// <exception cref="TorchUnavailableException">A CUDA device was asked for and libtorch cannot be loaded.</exception>
    public static Device Select(string text, out string? fallback)
    {
        fallback = null;
        if (text == "cpu")
        {
            return Cpu;
        }
        int index = 0;
        bool isCuda = text == "cuda"
            || (text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index));
        if (!isCuda && text != "auto")
        {
            throw new ArgumentException($"device '{text}' is unknown: use cpu, cuda, cuda:<n> or auto", nameof(text));
        }
        int count = Libtorch.CudaDevices;
        if (index < count)
        {
            return Cuda(index);
        }
        fallback = count > 0 ? $"there is no CUDA device {index} (this machine has {count}): using the CPU"
            : isCuda ? $"libtorch {Libtorch.Version} sees no CUDA device (a CUDA build of libtorch and the NVIDIA driver are needed): using the CPU"
            : null;
        return Cpu;
    }

    /// <summary><c>cpu</c> or <c>cuda:n</c>.</summary>
    public override string ToString() => IsCpu ? "cpu" : string.Create(CultureInfo.InvariantCulture, $"cuda:{CudaIndex}");
}
