using System.Runtime.Intrinsics.X86;
using Edge.Torch;

namespace Edge.Training;

/// <summary>Which precisions a device computes in.</summary>
public static class PrecisionSupport
{
    /// <summary>The precision where the device has it, or float32.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="device">Where it is to run.</param>
    /// <param name="fallback">Null where it was given; otherwise one line that says why not.</param>
    public static Precision Select(Precision wanted, Device device, out string? fallback)
    {
        fallback = null;
        if (wanted == Precision.Float32 || !device.IsCpu)
        {
            return wanted;
        }
        if (wanted == Precision.Float16)
        {
            fallback = "fp16 needs a CUDA device, and training runs on the CPU: using float32 (bf16 works on a CPU that has it)";
            return Precision.Float32;
        }
        if (HasBFloat16(out string reason))
        {
            return wanted;
        }
        fallback = $"{reason}: using float32";
        return Precision.Float32;
    }

    internal static DataType? TypeOf(Precision precision) => precision switch
    {
        Precision.BFloat16 => DataType.BFloat16,
        Precision.Float16 => DataType.Float16,
        _ => null,
    };

    private static bool HasBFloat16(out string reason)
    {
        const int Leaf = 7;
        const int AvxBFloat16 = 1 << 5;
        const int TileBFloat16 = 1 << 22;
        reason = "this CPU has no bf16 arithmetic (neither avx512_bf16 nor amx_bf16)";
        if (!X86Base.IsSupported)
        {
            reason = "bf16 training on the CPU needs an x86 processor with avx512_bf16 or amx_bf16";
            return false;
        }
        if (X86Base.CpuId(0, 0).Eax < Leaf)
        {
            return false;
        }
        // Intel's and AMD's CPUID: leaf 7, subleaf 0, EDX bit 22 is AMX-BF16; subleaf 1, EAX bit 5 is AVX512_BF16.
        return (X86Base.CpuId(Leaf, 0).Edx & TileBFloat16) != 0 || (X86Base.CpuId(Leaf, 1).Eax & AvxBFloat16) != 0;
    }
}
