namespace Edge.Inference;

/// <summary>The logistic function and its inverse, which lets a threshold be compared with a raw score.</summary>
internal static class Logistic
{
    /// <summary>1 ÷ (1 + e⁻ˣ).</summary>
    internal static float Of(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>The x whose logistic is a share; infinite at 0 and 1.</summary>
    internal static float Inverse(float share) => MathF.Log(share / (1 - share));
}
