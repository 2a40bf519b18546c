using Edge.Cli.Models;
using Edge.Graph;
using Edge.Training;
using Edge.Training.Metrics;

namespace Edge.Cli.Training;

/// <summary>A trained model, with how it came about.</summary>
/// <param name="Model">The model, ready for inference, with its card.</param>
/// <param name="Card">Its card; null for models that are no package's, such as generators.</param>
/// <param name="Result">How training went.</param>
/// <param name="Data">What it was trained on.</param>
/// <param name="Curves">Loss and accuracy on the way.</param>
internal sealed record TrainOutcome(OnnxModel Model, ModelCard? Card, TrainingResult Result, TrainingData Data, TrainingCurves Curves)
{
    /// <summary>What the model is worth on the test samples; null when training was stopped.</summary>
    internal Judgement? Test { get; init; }

    /// <summary>Figures on the test samples by name.</summary>
    internal IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The judged figure of each fold, where there was cross-validation.</summary>
    internal IReadOnlyList<double> Folds { get; init; } = [];

    /// <summary>Samples of a generator as pictures.</summary>
    internal IReadOnlyList<byte[]> Pictures { get; init; } = [];
}
