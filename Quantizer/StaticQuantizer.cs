using Edge.Graph;
using Edge.Graph.Passes;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Passes;

namespace Edge.Quantizer;

/// <summary>Static post-training quantization: float model and calibration data in, QDQ model out.</summary>
public static class StaticQuantizer
{
    // Per-channel scales came with opset 13.
    private const long SmallestOpset = 13;

    /// <summary>Quantizes a model.</summary>
    /// <param name="model">A float model; it is not changed.</param>
    /// <param name="calibration">Inputs by name, as the model takes them; read once, batch by batch.</param>
    /// <param name="options">How to quantize.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="QuantizationException">The model is quantized already, holds nothing to quantize or is too old; or calibration shows nothing usable.</exception>
    public static QuantizedModel Quantize(
        OnnxModel model,
        IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> calibration,
        QuantizationOptions options,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Check(model);
        OnnxModel result = model.Copy();
        PassPipeline.ForDeployment.Run(result);
        var plan = new QuantizationPlan(result.Graph, options);
        if (plan.Nodes.Count == 0)
        {
            string why = plan.Float.Count == 0 ? "it holds no Conv, Gemm or MatMul" : $"{plan.Float[0].Key}: {plan.Float[0].Value}";
            throw new QuantizationException($"nothing of the model can be quantized: {why}");
        }
        string[] tensors = [.. plan.Activations.Select(value => plan.RangeSource(value).Name).Distinct()];
        IReadOnlyDictionary<string, TensorRange> ranges = Calibrator.Run(result, tensors, calibration, NewObserver(options), cancellation: cancellation);
        string[] nodes = [.. plan.Nodes.Select(node => node.Describe())];
        new InsertQdq(result.Graph, plan, ranges, options.Target.WeightSteps).Run();
        new RemoveDeadCode().Run(result);
        ModelVerifier.ThrowIfInvalid(result, "quantized model");
        return new QuantizedModel(result, nodes, plan.Float, ranges);
    }

    private static Func<IRangeObserver> NewObserver(QuantizationOptions options) => options.Method switch
    {
        CalibrationMethod.MinMax => () => new MinMaxObserver(),
        CalibrationMethod.Percentile => () => new PercentileObserver(options.Percentile),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "unknown calibration method"),
    };

    private static void Check(OnnxModel model)
    {
        if (model.Opset < SmallestOpset)
        {
            throw new QuantizationException($"the model is of opset {model.Opset}, scales per channel need {SmallestOpset}; export it again for opset {SmallestOpset} or later");
        }
        if (model.Graph.Nodes.FirstOrDefault(node => node.OpType is "QuantizeLinear" or "DequantizeLinear" || node.OpType.StartsWith("QLinear", StringComparison.Ordinal)) is { } node)
        {
            throw new QuantizationException($"the model is quantized already ({node.Describe()}); quantize the float model that it came from");
        }
    }
}
