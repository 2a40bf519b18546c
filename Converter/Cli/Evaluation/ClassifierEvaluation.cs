using Edge.Cli.Models;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>What a classifier says about a data set, as ONNX Runtime runs it.</summary>
/// <param name="Metrics">Accuracy, loss and the confusion matrix.</param>
/// <param name="Predictions">The predicted class of every picture, in order.</param>
internal sealed record ClassifierEvaluation(ClassificationMetrics Metrics, IReadOnlyList<int> Predictions)
{
    /// <summary>Runs a classifier over a data set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="card">What it expects and gives.</param>
    /// <param name="data">Pictures with their true classes.</param>
    /// <param name="source">What messages call the model.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    internal static ClassifierEvaluation Run(OnnxModel model, ModelCard card, ImageDataset data, string source, int threads = 0, CancellationToken cancellation = default)
    {
        using var session = new EngineSession(model, new EngineOptions { Threads = threads }, source);
        ClassificationMetrics? metrics = null;
        var predictions = new List<int>(data.Count);
        foreach (IReadOnlyDictionary<string, OnnxTensor> batch in PictureBatches.Of(model, card, data, data.Count))
        {
            cancellation.ThrowIfCancellationRequested();
            OnnxTensor output = session.Run(batch)[0];
            int classes = (int)output.Dims[^1];
            if (output.Type != ElementType.Float || classes < data.ClassNames.Count)
            {
                throw new DataException($"{source}: gives {output}, {data.Name} has {data.ClassNames.Count} classes; use the data it was made for");
            }
            metrics ??= new ClassificationMetrics(classes);
            int taken = Math.Min((int)output.Dims[0], data.Count - predictions.Count);
            ReadOnlySpan<float> rows = output.AsSpan<float>();
            long[] labels = new long[taken];
            for (int index = 0; index < taken; index++)
            {
                labels[index] = data.ClassOf(predictions.Count);
                predictions.Add(ClassificationMetrics.ArgMax(rows.Slice(index * classes, classes)));
            }
            metrics.Add(rows[..(taken * classes)], labels);
        }
        return new ClassifierEvaluation(metrics!, predictions);
    }
}
