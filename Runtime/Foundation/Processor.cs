using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Edge.Foundation;

/// <summary>What this machine's processor can.</summary>
public static class Processor
{
    private const int Features = 7;
    private const int Avx512VnniBit = 1 << 11;
    private const int AvxVnniBit = 1 << 4;

    /// <summary>The features that decide how fast networks run: x64, then arm64.</summary>
    private static readonly string[] Telling =
    [
        "sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8",
        "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2",
    ];

    /// <summary>
    /// Whether an x86 processor sums products of 8-bit numbers in 32 bits at once (Intel's manual, volume 2, CPUID leaf 7: VNNI of
    /// AVX-512 or of AVX). Without it ONNX Runtime sums pairs in 16 bits, which large weights overflow.
    /// </summary>
    public static bool HasVnni { get; } =
        X86Base.IsSupported && ((X86Base.CpuId(Features, 0).Ecx & Avx512VnniBit) != 0 || (X86Base.CpuId(Features, 1).Eax & AvxVnniBit) != 0);

    /// <summary>
    /// The same on processors that run the same code; otherwise of no meaning. An x86 processor is asked itself, as engines ask it:
    /// what the kernel lists may be another's, under an emulator.
    /// </summary>
    public static string Signature()
    {
        if (!X86Base.IsSupported)
        {
            return KernelFlags();
        }
        (_, _, int basicC, int basicD) = X86Base.CpuId(1, 0);
        (_, int moreB, int moreC, int moreD) = X86Base.CpuId(Features, 0);
        return string.Create(CultureInfo.InvariantCulture, $"{basicC:x} {basicD:x} {moreB:x} {moreC:x} {moreD:x}");
    }

    /// <summary>Architecture, cores, and the features that matter to networks, for people.</summary>
    public static string Describe()
    {
        var known = new HashSet<string>(KernelFlags().Split(' '), StringComparer.Ordinal);
        var found = new List<string>();
        foreach (string feature in Telling)
        {
            if (known.Contains(feature))
            {
                found.Add(feature);
            }
        }
        return $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {(found.Count == 0 ? "features unknown" : string.Join(' ', found))}";
    }

    // The first core's list; "" where the kernel has none.
    private static string KernelFlags()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/cpuinfo"))
            {
                if (line.StartsWith("flags", StringComparison.Ordinal) || line.StartsWith("Features", StringComparison.Ordinal))
                {
                    return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
        return "";
    }
}
