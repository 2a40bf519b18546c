using Edge.Graph;
using Edge.Graph.Passes;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Passes;
using Edge.Quantizer.Schemes;

namespace Edge.Quantizer;

/// <summary>Static post-training quantization: float model and calibration data in, QDQ model out.</summary>
public static class StaticQuantizer
{
    /// <summary>Quantizes a model.</summary>
    /// <param name="model">A float model; it is not changed.</param>
    /// <param name="calibration">Inputs by name, as the model takes them; read once for each group of tensors.</param>
    /// <param name="options">How to quantize.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="QuantizationException">The model is quantized already, or holds nothing to quantize; or calibration shows nothing usable.</exception>
    /// <exception cref="ModelFormatException">The model breaks the specification, or is too old to be upgraded.</exception>
    public static QuantizedModel Quantize(
        OnnxModel model, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> calibration, QuantizationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var prepared = PreparedModel.Of(model, options.ActivationType.IsWide());
        return Build(prepared, Calibrator.Run(prepared.Model, prepared.Tensors(options.Target), calibration, new CalibrationOptions { Cancellation = cancellation }), options);
    }

    /// <summary>The model with every rounding in place and all weights still float: what is trained.</summary>
    internal static (OnnxModel Model, InsertQdq Names) Trainable(PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options)
    {
        OnnxModel result = prepared.Model.Copy();
        var plan = new QuantizationPlan(result, options.Target, options.KeepFloat);
        var names = new InsertQdq(result.Graph, plan, new ActivationScales(result.Graph, plan, statistics, options), options, isTrainable: true);
        names.Run();
        new RemoveDeadCode().Run(result);
        return (result, names);
    }

    /// <summary>Quantizes a model whose activations are known: cheap, so that many choices can be tried.</summary>
    /// <param name="prepared">The float model; it is not changed.</param>
    /// <param name="statistics">What calibration saw of <see cref="PreparedModel.Tensors"/>.</param>
    /// <param name="options">How to quantize.</param>
    /// <exception cref="QuantizationException">A weight cannot be quantized, or a node to keep float does not exist.</exception>
    public static QuantizedModel Build(PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        OnnxModel result = prepared.Model.Copy();
        prepared.RequireNodes(options.KeepFloat.Keys);
        var plan = new QuantizationPlan(result, options.Target, options.KeepFloat);
        var scales = new ActivationScales(result.Graph, plan, statistics, options);
        Node[] nodes = [.. result.Graph.Nodes.Where(plan.Nodes.Contains)];
        var ranges = plan.Activations.ToDictionary(value => value.Name, scales.RangeOf, StringComparer.Ordinal);
        new InsertQdq(result.Graph, plan, scales, options).Run();
        // No engine multiplies whole numbers in these, but their weights may be stored as such.
        HashSet<string> stored = [.. result.Graph.Nodes.ToArray().Where(node => !options.KeepFloat.ContainsKey(node.Name) && RecurrentWeights.Store(node)).Select(node => node.Name)];
        new RemoveDeadCode().Run(result);
        ModelVerifier.ThrowIfInvalid(result, "quantized model");
        return new QuantizedModel(result, [.. nodes.Select(node => node.Describe())], [.. plan.Float.Select(node => stored.Contains(node.Name) ? node with { Reason = node.Reason + "; its weights are stored as int8" } : node)], ranges)
        {
            QuantizedNames = nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal),
            Warnings = [.. statistics.Where(pair => pair.Value.IsConstant && ranges.ContainsKey(pair.Key)).Select(pair =>
                $"tensor '{pair.Key}' is {pair.Value.Minimum} throughout the calibration set: a dead layer, or samples that do not reach it")],
        };
    }
}
