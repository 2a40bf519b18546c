using Edge.Graph;

namespace Edge.Training;

/// <summary>Learning from a teacher's answers beside the labels (Hinton, Vinyals and Dean 2015).</summary>
public sealed record DistillationOptions
{
    /// <summary>A model that takes the same input and gives logits of the same classes; it does not change.</summary>
    public required OnnxModel Teacher { get; init; }

    /// <summary>How soft probabilities are made, above 0.</summary>
    public double Temperature { get; init; } = 4;

    /// <summary>What the teacher counts, from 0 to 1; the labels count the rest.</summary>
    public double Weight { get; init; } = 0.5;
}
