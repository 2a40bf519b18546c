using Edge.Cli.Models;

namespace Edge.Cli.Evaluation;

/// <summary>What came of judging a model; one of the three results is there.</summary>
internal sealed record EvaluationResult
{
    public required JudgedModel Model { get; init; }

    public required ModelCard? Card { get; init; }

    public required SampleFeed Feed { get; init; }

    /// <summary>How right a classifier is.</summary>
    public ClassificationResult? Classification { get; init; }

    /// <summary>How far predicted numbers are off.</summary>
    public RegressionResult? Regression { get; init; }

    /// <summary>How well the unusual is found.</summary>
    public AnomalyResult? Anomaly { get; init; }

    /// <summary>How many samples judged it.</summary>
    internal int Samples => Classification?.Predictions.Indices.Length ?? Regression?.Predictions.Indices.Length ?? Anomaly!.Indices.Length;
}
