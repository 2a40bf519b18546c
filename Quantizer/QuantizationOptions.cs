using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer;

/// <summary>How a model is quantized.</summary>
public sealed record QuantizationOptions
{
    /// <summary>How the range of an activation is found from what calibration shows.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.MinMax;

    /// <summary>With <see cref="CalibrationMethod.Percentile"/>: how much of the values the range holds, in percent, above 50 and up to 100.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>The chip and engine that the model is made for.</summary>
    public QuantizationTarget Target { get; init; } = QuantizationTarget.OfThisMachine;

    /// <summary>The numbers that stand for activations; null takes the target's own.</summary>
    public QuantizedType? Activations { get; init; }

    /// <summary>Whether each output channel of a weight has a scale of its own.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Whether the largest weights of a channel are clipped where that makes the squared error smaller.</summary>
    public bool ClipWeights { get; init; }

    /// <summary>Nodes of the prepared model that stay float: name and reason.</summary>
    public IReadOnlyDictionary<string, string> KeepFloat { get; init; } = new Dictionary<string, string>();

    /// <summary>What is added to the biases of nodes, by the node's name: one number for each output channel.</summary>
    public IReadOnlyDictionary<string, float[]> BiasShifts { get; init; } = new Dictionary<string, float[]>();

    /// <summary>Scales of weights that were found elsewhere, by the node's name: one for each output channel.</summary>
    public IReadOnlyDictionary<string, float[]> WeightScales { get; init; } = new Dictionary<string, float[]>();

    /// <summary>Weights that were rounded by other means than to the nearest, by the node's name; they belong to <see cref="WeightScales"/>.</summary>
    public IReadOnlyDictionary<string, sbyte[]> RoundedWeights { get; init; } = new Dictionary<string, sbyte[]>();

    /// <summary>Scales of activations that were trained, by the value's name.</summary>
    public IReadOnlyDictionary<string, float> ActivationScales { get; init; } = new Dictionary<string, float>();

    /// <summary>The calibration method in words.</summary>
    public string MethodText => Method switch
    {
        CalibrationMethod.MinMax => "min-max",
        CalibrationMethod.MovingAverage => "moving average",
        CalibrationMethod.Percentile => FormattableString.Invariant($"percentile {Percentile}"),
        CalibrationMethod.Entropy => "entropy",
        _ => "least squared error",
    };

    /// <summary>The numbers that stand for activations.</summary>
    internal QuantizedType ActivationType => Activations ?? Target.Activations;

    /// <summary>How ranges are found.</summary>
    internal RangeRule Rule => new(Method, Percentile, ActivationType.IsWide() ? 65_536 : 256);

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="QuantizationException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Percentile is not (> 50 and <= 100))
        {
            throw new QuantizationException($"percentile {Percentile} must be above 50 and at most 100");
        }
    }
}
