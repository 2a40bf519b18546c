using System.Numerics.Tensors;
using Edge.Graph;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Repair;

/// <summary>
/// Chooses for each weight whether it rounds up or down, so that the layer's results change least rather than the weight itself
/// (Nagel and others 2020, "Up or down? Adaptive rounding for post-training quantization"): a soft rounding is moved by gradient
/// descent on the mean squared change of the layer's results, and pressed towards 0 or 1 more and more. No labels are needed.
/// </summary>
public static class AdaRound
{
    private const int LayersAtOnce = 8;
    private const int Steps = 300;
    private const int WarmUp = Steps / 5;
    private const float Rate = 0.02f;
    private const float Pressure = 0.02f;
    private const float FirstPower = 20;
    private const float LastPower = 2;

    // The sigmoid is stretched, so that it reaches 0 and 1.
    private const float Low = -0.1f;
    private const float High = 1.1f;

    // Multiplications a step beyond which a layer is left as it rounds.
    private const long LargestLayer = 1L << 26;

    /// <summary>Finds the roundings.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize, a scale for each channel.</param>
    /// <param name="samples">Inputs by name; a few dozen.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="progress">Told how many layers are done.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    /// <returns>The options with the roundings and the scales that they are for.</returns>
    /// <exception cref="QuantizationException">Weights have one scale for all channels, which this does not choose for.</exception>
    public static QuantizationOptions Run(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(samples);
        if (!options.PerChannel)
        {
            throw new QuantizationException("adaptive rounding is for weights with a scale for each channel; leave --per-tensor out");
        }
        QuantizedModel quantized = StaticQuantizer.Build(prepared, statistics, options);
        Node[] nodes = [.. prepared.Model.Graph.Nodes.Where(node => options.Target.Computes.Contains(node.OpType) && quantized.QuantizedNames.Contains(node.Name))];
        var rounded = new Dictionary<string, sbyte[]>(options.RoundedWeights, StringComparer.Ordinal);
        var scales = new Dictionary<string, float[]>(options.WeightScales, StringComparer.Ordinal);
        int done = 0;
        foreach (Node[] chunk in nodes.Chunk(LayersAtOnce))
        {
            LayerInputs[] layers = [.. chunk.Select(node => LayerInputs.Of(node, LargestLayer)).OfType<LayerInputs>()];
            LayerInputs.Gather(prepared.Model, layers, samples, threads);
            foreach (LayerInputs layer in layers)
            {
                cancellation.ThrowIfCancellationRequested();
                // The steps that the layer has got, which its bias may have made coarser.
                Node restore = quantized.Model.Graph.Nodes.First(node => node.Name == layer.Node.Name).Inputs[1]!.Producer!;
                float[] steps = restore.Inputs[1]!.Constant!.ToArray<float>();
                scales[layer.Node.Name] = steps;
                rounded[layer.Node.Name] = Round(layer, steps, options.Target.WeightSteps);
            }
            progress?.Invoke(done += chunk.Length, nodes.Length);
        }
        return options with { RoundedWeights = rounded, WeightScales = scales };
    }

    private static sbyte[] Round(LayerInputs layer, float[] steps, int most)
    {
        OnnxTensor weight = layer.Node.Inputs[1]!.Constant!;
        ReadOnlySpan<float> values = weight.AsSpan<float>();
        // A Gemm or MatMul may have its outputs along the last axis.
        bool isTurned = Passes.QuantizationPlan.WeightAxis(layer.Node) == 1;
        var whole = new sbyte[values.Length];
        var row = new Row(layer.Width);
        for (int output = 0; output < layer.Outputs; output++)
        {
            for (int place = 0; place < layer.Width; place++)
            {
                row.Wanted[place] = values[isTurned ? (place * layer.Outputs) + output : (output * layer.Width) + place] / steps[output];
            }
            row.Solve(layer.Moments[output / (layer.Outputs / layer.Groups)], most);
            for (int place = 0; place < layer.Width; place++)
            {
                whole[isTurned ? (place * layer.Outputs) + output : (output * layer.Width) + place] = (sbyte)row.Rounded[place];
            }
        }
        return whole;
    }

    /// <summary>The weights of one output channel, in steps.</summary>
    private sealed class Row(int width)
    {
        private readonly float[] _soft = new float[width];
        private readonly float[] _share = new float[width];
        private readonly float[] _first = new float[width];
        private readonly float[] _second = new float[width];
        private readonly float[] _change = new float[width];
        private readonly float[] _slope = new float[width];

        internal float[] Wanted { get; } = new float[width];

        internal float[] Rounded { get; } = new float[width];

        internal void Solve(float[] moments, int most)
        {
            double mean = 0;
            for (int place = 0; place < width; place++)
            {
                Rounded[place] = Math.Clamp(MathF.Round(Wanted[place], MidpointRounding.ToEven), -most, most);
                float part = Math.Clamp(Wanted[place] - MathF.Floor(Wanted[place]), 0.01f, 0.99f);
                float inside = (part - Low) / (High - Low);
                _soft[place] = MathF.Log(inside / (1 - inside));
                mean += moments[(place * width) + place];
            }
            mean /= width;
            if (mean <= 0)
            {
                return;
            }
            Array.Clear(_first);
            Array.Clear(_second);
            double nearest = Cost(moments, Rounded);
            for (int step = 1; step <= Steps; step++)
            {
                Step(moments, (float)(2 / mean), step);
            }
            float[] candidate = [.. Wanted.Select((value, place) => Math.Clamp(MathF.Floor(value) + (Share(place) >= 0.5f ? 1 : 0), -most, most))];
            if (Cost(moments, candidate) < nearest)
            {
                candidate.CopyTo(Rounded, 0);
            }
        }

        private void Step(float[] moments, float factor, int step)
        {
            float power = step <= WarmUp ? 0 : FirstPower + ((LastPower - FirstPower) * (step - WarmUp) / (Steps - WarmUp));
            for (int place = 0; place < width; place++)
            {
                _share[place] = Share(place);
                _change[place] = MathF.Floor(Wanted[place]) + _share[place] - Wanted[place];
            }
            Times(moments, _change, _slope);
            for (int place = 0; place < width; place++)
            {
                float inside = 1 / (1 + MathF.Exp(-_soft[place]));
                float bend = _share[place] is 0 or 1 ? 0 : (High - Low) * inside * (1 - inside);
                float off = (2 * _share[place]) - 1;
                float press = power == 0 ? 0 : -2 * Pressure * power * MathF.Pow(Math.Abs(off), power - 1) * Math.Sign(off);
                float slope = ((factor * _slope[place]) + press) * bend;
                _first[place] = (0.9f * _first[place]) + (0.1f * slope);
                _second[place] = (0.999f * _second[place]) + (0.001f * slope * slope);
                float size = MathF.Sqrt(_second[place] / (1 - MathF.Pow(0.999f, step)));
                _soft[place] -= Rate * _first[place] / (1 - MathF.Pow(0.9f, step)) / (size + 1e-8f);
            }
        }

        private float Share(int place) => Math.Clamp((High - Low) / (1 + MathF.Exp(-_soft[place])) + Low, 0, 1);

        private double Cost(float[] moments, float[] rounded)
        {
            TensorPrimitives.Subtract(rounded, Wanted, _change);
            Times(moments, _change, _slope);
            return TensorPrimitives.Dot(_change, _slope);
        }

        private void Times(float[] moments, float[] by, float[] result)
        {
            for (int place = 0; place < width; place++)
            {
                result[place] = TensorPrimitives.Dot(moments.AsSpan(place * width, width), by);
            }
        }
    }
}
