using Edge.Packages;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Training.Metrics;

/// <summary>Judges a graph on a data set, in inference mode.</summary>
public static class Evaluator
{
    /// <summary>Runs every image once.</summary>
    /// <param name="executor">A graph that takes [N, channels, height, width] float32 and gives [N, classes] logits.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="normalization">What the model was trained with.</param>
    /// <param name="batchSize">Images at a time; it does not change the result beyond rounding.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="TrainingException">The graph does not fit the images; the message names the node or the shapes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClassificationMetrics Evaluate(
        GraphExecutor executor, ImageDataset dataset, Normalization normalization, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(executor);
        using var loader = new BatchLoader(dataset, batchSize, normalization);
        ClassificationMetrics? metrics = null;
        float[] logits = [];
        foreach (Batch batch in loader.Epoch(0, cancellationToken: cancellationToken))
        {
            using Tensor? moved = DeviceCopy.Of(batch.Images, executor.Device);
            using Tensor output = executor.Run(moved ?? batch.Images, training: false);
            int classes = LogitShape.Classes(output, batch.Count, dataset.ClassNames.Count);
            metrics ??= new ClassificationMetrics(classes);
            Array.Resize(ref logits, batch.Count * classes);
            output.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()));
            metrics.Add(logits, batch.LabelValues);
        }
        return metrics!;
    }
}
