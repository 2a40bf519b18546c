using Edge.Cli.Models;
using Edge.Graph;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Training;

/// <summary>A trained model, with how it came about.</summary>
/// <param name="Model">The model, ready for inference, with its card.</param>
/// <param name="Card">Its card.</param>
/// <param name="Result">How training went.</param>
/// <param name="Test">What the model says about the test part; null when training was stopped.</param>
/// <param name="Data">What it was trained on.</param>
/// <param name="Curves">Loss and accuracy on the way.</param>
internal sealed record TrainOutcome(OnnxModel Model, ModelCard Card, TrainingResult Result, ClassificationMetrics? Test, DatasetPair Data, TrainingCurves Curves);
