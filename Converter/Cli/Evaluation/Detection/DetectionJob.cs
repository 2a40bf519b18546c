using Edge.Cli.Models;
using Edge.Graph;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>A detector and the annotated pictures that judge it.</summary>
/// <param name="Model">The detector.</param>
/// <param name="Source">What messages call it.</param>
/// <param name="Card">What it expects and gives.</param>
/// <param name="Data">The pictures.</param>
internal sealed record DetectionJob(OnnxModel Model, string Source, ModelCard Card, DetectionDataset Data)
{
    /// <summary>At most how many pictures; 0 takes all.</summary>
    internal int Limit { get; init; }

    /// <summary>Decides which.</summary>
    internal ulong Seed { get; init; } = 1;

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    internal int Threads { get; init; }
}
