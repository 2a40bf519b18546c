using Edge.Graph;

namespace Edge.Quantizer.MixedPrecision;

/// <summary>By what layers are kept float.</summary>
public sealed record LayerChoiceOptions
{
    /// <summary>Samples of fewer than this many judge by luck, in part.</summary>
    public const int FewSamples = 100;

    /// <summary>What the outputs must keep of signal over noise where few samples judge.</summary>
    public const double DecibelsForFew = 16;

    /// <summary>Whether layers that int8 makes slower on this machine stay float.</summary>
    public bool Speed { get; init; }

    /// <summary>How much of the metric may be lost; null for any.</summary>
    public double? MaxDrop { get; init; }

    /// <summary>The task metric of a model, larger is better; needed with <see cref="MaxDrop"/>.</summary>
    public Func<OnnxModel, double>? Judge { get; init; }

    /// <summary>That of the float model.</summary>
    public double FloatValue { get; init; }

    /// <summary>How many samples judge.</summary>
    public int JudgedSamples { get; init; }

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; } = 1;
}
