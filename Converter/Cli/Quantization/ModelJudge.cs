using Edge.Graph;

namespace Edge.Cli.Quantization;

/// <summary>Says how good a model is at its task.</summary>
internal abstract class ModelJudge
{
    /// <summary>What is measured.</summary>
    internal abstract string Metric { get; }

    /// <summary>With how many samples.</summary>
    internal abstract int Samples { get; }

    /// <summary>The metric of a model, from 0 to 1; more is better.</summary>
    internal abstract double Judge(OnnxModel model);
}
