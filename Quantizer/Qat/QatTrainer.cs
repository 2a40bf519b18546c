using Edge.Graph;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Passes;
using Edge.Torch;
using Edge.Training;

namespace Edge.Quantizer.Qat;

/// <summary>
/// Quantization-aware training on the same graph: roundings stay in place and hand gradients straight through, scales are learned
/// with the weights (LSQ, Esser and others 2020), and the float model teaches, so that no labels are needed. BatchNormalization is
/// folded already.
/// </summary>
public static class QatTrainer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    /// <summary>Trains.</summary>
    /// <param name="prepared">The float model, which is the teacher; it is not changed.</param>
    /// <param name="statistics">What calibration saw: where scales begin.</param>
    /// <param name="options">How to quantize.</param>
    /// <param name="batches">Training inputs by name; read once an epoch.</param>
    /// <param name="training">How to train.</param>
    /// <param name="progress">Told the step and its loss.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <exception cref="QuantizationException">There is no batch, or the loss is no longer a number.</exception>
    /// <exception cref="UnsupportedOperatorException">The training engine does not know one of the model's operators.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public static QatResult Run(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyCollection<IReadOnlyDictionary<string, OnnxTensor>> batches, QatOptions training, Action<int, double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(training);
        training.Validate();
        if (batches.Count == 0)
        {
            throw new QuantizationException("there is nothing to train with; give --data or more calibration samples");
        }
        (OnnxModel model, InsertQdq names) = StaticQuantizer.Trainable(prepared, statistics, options);
        var activations = names.ActivationScaleNames.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        HashSet<string> scales = [.. names.WeightScaleNames.Values, .. activations.Values];
        using var teacher = new GraphExecutor(prepared.Model.Copy(), new GraphExecutorOptions { IsTrainable = _ => false });
        using var student = new GraphExecutor(model, new GraphExecutorOptions { TrainsSettings = scales.Contains });
        Parameter[] parameters = [.. student.Parameters];
        using var step = new QatStep(parameters, scales);
        var losses = new List<double>();
        int steps = training.Epochs * batches.Count;
        for (int epoch = 0; epoch < training.Epochs; epoch++)
        {
            foreach (IReadOnlyDictionary<string, OnnxTensor> batch in batches)
            {
                cancellation.ThrowIfCancellationRequested();
                double rate = training.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * losses.Count / steps));
                losses.Add(step.Run(teacher, student, batch, rate, Beta1, Beta2, Epsilon));
                if (!double.IsFinite(losses[^1]))
                {
                    throw new QuantizationException($"the loss of training is {losses[^1]} after {losses.Count} steps: lower the learning rate");
                }
                progress?.Invoke(losses.Count, losses[^1]);
            }
        }
        student.WriteBack();
        var trained = options with
        {
            WeightScales = names.WeightScaleNames.ToDictionary(pair => pair.Key, pair => Scales(model, pair.Value), StringComparer.Ordinal),
            ActivationScales = activations.ToDictionary(pair => pair.Key, pair => Scales(model, pair.Value)[0], StringComparer.Ordinal),
            BiasShifts = new Dictionary<string, float[]>(),
        };
        int tenth = Math.Max(1, losses.Count / 10);
        return new QatResult(StaticQuantizer.Build(prepared.WithWeights(model), statistics, trained), losses.Take(tenth).Average(), losses.TakeLast(tenth).Average(), losses.Count);
    }

    // A scale that training pushed through zero means the same size.
    private static float[] Scales(OnnxModel model, string name) =>
        Array.ConvertAll(model.Graph.Find(name)!.Constant!.ToArray<float>(), scale => Math.Max(Math.Abs(scale), 1e-12f));
}
