using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Training.Metrics;

/// <summary>Judges a graph on a data set, in inference mode.</summary>
public static class Evaluator
{
    /// <summary>Runs every sample once.</summary>
    /// <param name="executor">A graph that takes what the data set gives, and gives [N, classes] logits.</param>
    /// <param name="dataset">The samples, prepared as those that the model was trained with.</param>
    /// <param name="batchSize">Samples at a time; it does not change the result beyond rounding.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="TrainingException">The graph does not fit the samples; the message names the node or the shapes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClassificationMetrics Evaluate(
        GraphExecutor executor, Dataset dataset, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(executor);
        ArgumentNullException.ThrowIfNull(dataset);
        using var loader = new BatchLoader(dataset.WithoutAugmentation(), new LoaderOptions { BatchSize = batchSize });
        ClassificationMetrics? metrics = null;
        float[] logits = [];
        foreach (Batch batch in loader.Epoch(0, cancellationToken: cancellationToken))
        {
            using Tensor? moved = DeviceCopy.Of(batch.Input(0), executor.Device);
            using Tensor output = executor.Run(moved ?? batch.Input(0), training: false);
            int classes = LogitShape.Classes(output, batch.Count, dataset.ClassNames.Count);
            metrics ??= new ClassificationMetrics(classes);
            Array.Resize(ref logits, batch.Count * classes);
            output.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()));
            metrics.Add(logits, batch.Classes);
        }
        return metrics!;
    }
}
