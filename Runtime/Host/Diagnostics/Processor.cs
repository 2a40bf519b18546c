using System.Runtime.InteropServices;

namespace Edge.Runtime.Diagnostics;

/// <summary>What the processor can, as the kernel lists it.</summary>
internal static class Processor
{
    /// <summary>The features that decide how fast networks run: x64, then arm64.</summary>
    private static readonly string[] Telling =
    [
        "sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8",
        "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2",
    ];

    internal static string Describe()
    {
        string flags = "";
        try
        {
            foreach (string line in File.ReadLines("/proc/cpuinfo"))
            {
                if (line.StartsWith("flags", StringComparison.Ordinal) || line.StartsWith("Features", StringComparison.Ordinal))
                {
                    flags = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            flags = "";
        }
        var known = new HashSet<string>(flags.Split(' '), StringComparer.Ordinal);
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
}
