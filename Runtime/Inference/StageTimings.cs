using System.Diagnostics;

namespace Edge.Inference;

/// <summary>How long the stages of one image took, in ticks of <see cref="Stopwatch"/>.</summary>
/// <param name="Decode">Bytes to pixels.</param>
/// <param name="Preprocess">Pixels to the input tensor.</param>
/// <param name="Infer">The engine.</param>
/// <param name="Postprocess">Outputs to the result.</param>
public readonly record struct StageTimings(long Decode, long Preprocess, long Infer, long Postprocess)
{
    /// <summary>All stages, in ticks.</summary>
    public long Total => Decode + Preprocess + Infer + Postprocess;

    /// <summary>Ticks as milliseconds.</summary>
    /// <param name="ticks">Ticks of <see cref="Stopwatch"/>.</param>
    public static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
