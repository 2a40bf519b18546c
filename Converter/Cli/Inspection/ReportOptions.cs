using Edge.Cli.Samples;
using Edge.Graph;

namespace Edge.Cli.Inspection;

/// <summary>How a model is looked at.</summary>
internal sealed record ReportOptions
{
    /// <summary>Sizes for inputs.</summary>
    public IReadOnlyDictionary<string, TensorShape>? Inputs { get; init; }

    /// <summary>Run it, and say where the time goes?</summary>
    public bool Profile { get; init; }

    /// <summary>Threads of the engine while profiling; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>Values that whole inputs are filled with while profiling.</summary>
    public IReadOnlyDictionary<string, double>? Fill { get; init; }

    /// <summary>Real inputs for the profile of a model with inferred shapes; null for random ones.</summary>
    public Func<OnnxModel, SampleSet?>? Samples { get; init; }
}
