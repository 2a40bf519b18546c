using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Detection;
using Edge.Training.Losses;

namespace Edge.Training.Metrics;

/// <summary>Judges a graph on a data set, in inference mode, with the training engine.</summary>
public static class Evaluator
{
    private const int BatchSize = 256;

    /// <summary>Runs every sample once.</summary>
    /// <param name="model">A graph that takes what the data set gives, and gives logits (or, at its end, their softmax).</param>
    /// <param name="dataset">The samples, prepared as those that the model was trained with.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="TrainingException">The graph does not fit the samples; the message names the node or the shapes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClassificationMetrics Evaluate(OnnxModel model, Dataset dataset, Device device = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        using var port = new ModelPort(model, dataset, new GraphExecutorOptions { Device = device }, wantsLogits: true);
        return Classify(port, dataset, cancellationToken);
    }

    /// <summary>The class that each sample was taken for, and its scores, batch by batch.</summary>
    internal static ClassificationMetrics Classify(ModelPort port, Dataset dataset, CancellationToken cancellationToken)
    {
        ClassificationMetrics? metrics = null;
        var logits = new ClassLogits(dataset.ClassNames.Count);
        Run(port, dataset, (output, batch) =>
        {
            ReadOnlySpan<float> values = logits.Read(output, batch.Count);
            metrics ??= new ClassificationMetrics(logits.Classes);
            metrics.Add(values, batch.Classes);
        }, cancellationToken);
        return metrics!;
    }

    /// <summary>How far the model's numbers are from the targets, or from the input where that is the target.</summary>
    internal static Judgement Measure(ModelPort port, Dataset dataset, Loss loss, bool isInput, CancellationToken cancellationToken)
    {
        var metrics = new RegressionMetrics();
        double sum = 0;
        long count = 0;
        Run(port, dataset, (output, batch) =>
        {
            Tensor target = isInput ? batch.Input(0) : batch.Target;
            using Tensor? moved = DeviceCopy.Of(target, port.Executor.Device);
            using Tensor value = loss.Compute(output, moved ?? target);
            sum += value.Item() * batch.Count;
            count += batch.Count;
            metrics.Add(output.ToArray<float>(), target.ToArray<float>());
        }, cancellationToken);
        return new Judgement(sum / count, null, metrics);
    }

    /// <summary>How well boxes are found, in pixels of the samples.</summary>
    internal static Judgement Boxes(ModelPort port, Dataset dataset, Loss loss, CancellationToken cancellationToken)
    {
        var metrics = new DetectionEvaluator();
        ReadOnlySpan<int> shape = dataset.Inputs[0].Shape;
        (int height, int width) = (shape[1], shape[2]);
        BoxDecoder? decoder = null;
        var boxes = new List<BoxTarget>();
        double sum = 0;
        long count = 0;
        Run(port, dataset, (output, batch) =>
        {
            using Tensor? moved = DeviceCopy.Of(batch.Target, port.Executor.Device);
            using Tensor value = loss.Compute(output, moved ?? batch.Target);
            sum += value.Item() * batch.Count;
            count += batch.Count;
            decoder ??= new BoxDecoder(DetectionGrid.Of(width, height, output.Shape[1]));
            float[] found = output.ToArray<float>();
            float[] truth = batch.Target.ToArray<float>();
            (int outputLength, int targetLength) = (found.Length / batch.Count, truth.Length / batch.Count);
            for (int row = 0; row < batch.Count; row++)
            {
                boxes.Clear();
                BoxTarget.Read(truth.AsSpan(row * targetLength, targetLength), boxes);
                metrics.Add(
                    [.. boxes.Select(box => TrueBox.Of(new PixelBox(box.Box.Left, box.Box.Top, box.Box.Right - box.Box.Left, box.Box.Bottom - box.Box.Top), box.Class))],
                    decoder.Decode(found.AsSpan(row * outputLength, outputLength)));
            }
        }, cancellationToken);
        return new Judgement(sum / count, null, null, metrics.Compute());
    }

    /// <summary>The mean squared distance of each sample from what the model makes of it: how unusual it is.</summary>
    internal static double[] ReconstructionErrors(ModelPort port, Dataset dataset, CancellationToken cancellationToken)
    {
        var errors = new List<double>(dataset.Count);
        Run(port, dataset, (output, batch) =>
        {
            float[] outputs = output.ToArray<float>();
            float[] inputs = batch.Input(0).ToArray<float>();
            int size = inputs.Length / batch.Count;
            for (int row = 0; row < batch.Count; row++)
            {
                double sum = 0;
                for (int i = row * size; i < (row + 1) * size; i++)
                {
                    double error = (double)outputs[i] - inputs[i];
                    sum += error * error;
                }
                errors.Add(sum / size);
            }
        }, cancellationToken);
        return [.. errors];
    }

    private static void Run(ModelPort port, Dataset dataset, Action<Tensor, Batch> look, CancellationToken cancellationToken)
    {
        using var loader = new BatchLoader(dataset.WithoutAugmentation(), new LoaderOptions { BatchSize = BatchSize });
        foreach (Batch batch in loader.Epoch(0, cancellationToken: cancellationToken))
        {
            using Tensor output = port.Run(batch, RunMode.Inference);
            look(output, batch);
        }
    }
}
