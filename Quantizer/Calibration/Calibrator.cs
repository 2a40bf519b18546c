using System.Numerics.Tensors;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Calibration;

/// <summary>
/// Runs a model over calibration data and gathers statistics of each tensor of interest. Batches stream through, and tensors
/// are observed in groups: memory is that of one batch's group and of the statistics, whatever the number of batches.
/// </summary>
public static class Calibrator
{
    /// <summary>Gathers statistics.</summary>
    /// <param name="model">The float model; it is not changed.</param>
    /// <param name="tensors">Names of float32 values of its graph.</param>
    /// <param name="batches">Inputs by name; read once for each group of tensors.</param>
    /// <param name="options">How.</param>
    /// <returns>The statistics of every tensor asked for.</returns>
    /// <exception cref="QuantizationException">There is no batch, or a tensor holds NaN or infinity.</exception>
    /// <exception cref="ModelFormatException">The engine refuses the model or a batch.</exception>
    public static IReadOnlyDictionary<string, TensorStatistics> Run(
        OnnxModel model, IReadOnlyCollection<string> tensors, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> batches, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(batches);
        options ??= new CalibrationOptions();
        var statistics = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
        foreach (string name in tensors)
        {
            _ = model.Graph.Find(name) ?? throw new ArgumentException($"the model has no value '{name}'", nameof(tensors));
            statistics[name] = new TensorStatistics();
        }
        IReadOnlyDictionary<string, OnnxTensor> first = batches.FirstOrDefault()
            ?? throw new QuantizationException("the calibration set is empty; give it at least a few dozen samples");
        ObserveInputs(model, statistics, batches, options.Cancellation);
        foreach (IReadOnlyList<string> group in TapGroups.Of(model, tensors, first, options.TapBytes))
        {
            using var session = new EngineSession(Prefix(model, group), new EngineOptions { Threads = options.Threads });
            foreach (IReadOnlyDictionary<string, OnnxTensor> batch in batches)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                session.Visit(batch, (index, values) => Observe(statistics[session.OutputNames[index]], session.OutputNames[index], values));
            }
        }
        return statistics;
    }

    // The part of the model that makes a group, and nothing behind it.
    private static OnnxModel Prefix(OnnxModel model, IReadOnlyList<string> group)
    {
        OnnxModel prefix = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], group);
        foreach (Value output in prefix.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        return prefix;
    }

    private static void ObserveInputs(OnnxModel model, Dictionary<string, TensorStatistics> statistics, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> batches, CancellationToken cancellation)
    {
        Value[] inputs = [.. model.Graph.Inputs.Where(input => statistics.ContainsKey(input.Name))];
        if (inputs.Length == 0)
        {
            return;
        }
        foreach (IReadOnlyDictionary<string, OnnxTensor> batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (Value input in inputs)
            {
                OnnxTensor tensor = batch.GetValueOrDefault(input.Name) ?? throw new QuantizationException($"the calibration set has nothing for input '{input.Name}'; give all inputs of the model");
                Observe(statistics[input.Name], input.Name, tensor.AsSpan<float>());
            }
        }
        foreach (Value input in inputs)
        {
            if (statistics[input.Name] is { IsConstant: true } constant)
            {
                throw new QuantizationException($"input '{input.Name}' is {constant.Minimum} throughout the calibration set; calibrate with samples as the model will see them");
            }
        }
    }

    private static void Observe(TensorStatistics statistics, string name, ReadOnlySpan<float> values)
    {
        if (!statistics.Observe(values))
        {
            throw new QuantizationException($"tensor '{name}' holds {values[TensorPrimitives.IndexOfMaxMagnitude(values)]} on the calibration data; look for a wrong input range or a broken weight before it");
        }
    }
}
