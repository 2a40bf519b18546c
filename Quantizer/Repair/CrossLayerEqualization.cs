using System.Numerics.Tensors;
using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Repair;

/// <summary>
/// Brings the channels between two layers to like sizes, by dividing in the first layer what the second multiplies back: the float
/// function stays the same, and one scale suits all channels (Nagel and others 2019; with the sizes of activations, as in
/// SmoothQuant by Xiao and others 2023).
/// </summary>
public static class CrossLayerEqualization
{
    private const float Nothing = 1e-8f;
    private const float LargestFactor = 1e4f;

    /// <summary>Equalizes a prepared model's weights in place.</summary>
    /// <param name="prepared">The float model; its weights change, what it computes does not.</param>
    /// <param name="samples">Inputs by name, which show how large each channel becomes.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <returns>How many layers were scaled.</returns>
    public static int Run(PreparedModel prepared, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(samples);
        EqualizedPair[] pairs = [.. EqualizedPair.Of(prepared.Model.Graph)];
        if (pairs.Length == 0 || samples.Count == 0)
        {
            return 0;
        }
        float[][] sizes = Sizes(prepared.Model, pairs, samples, threads);
        for (int index = 0; index < pairs.Length; index++)
        {
            // The layer in front was scaled already: the sizes of what it reads, not those of what it gives, have changed.
            Scale(pairs[index], sizes[index]);
        }
        return pairs.Length;
    }

    private static void Scale(EqualizedPair pair, float[] sizes)
    {
        // Readers with a scale for each input channel take anything; others share one among their input channels.
        bool isFree = pair.Readers.All(EqualizedPair.IsDepthwise);
        float[] weights = new float[pair.Channels];
        foreach (Node reader in pair.Readers)
        {
            Columns(reader, pair.Channels, (column, values, places) => weights[column] = Math.Max(weights[column], places.Max(place => Math.Abs(values[place]))));
        }
        float[] factors = new float[pair.Channels];
        for (int channel = 0; channel < factors.Length; channel++)
        {
            float wanted = isFree ? sizes[channel] : MathF.Sqrt(sizes[channel] / Math.Max(weights[channel], Nothing));
            // A dead channel keeps its size.
            factors[channel] = sizes[channel] < Nothing || weights[channel] < Nothing ? 1 : wanted;
        }
        float mean = MathF.Exp(factors.Average(factor => MathF.Log(factor)));
        factors = Array.ConvertAll(factors, factor => Math.Clamp(factor / mean, 1 / LargestFactor, LargestFactor));
        Rows(pair.Layer, factors);
        foreach (Node reader in pair.Readers)
        {
            float[] values = reader.Inputs[1]!.Constant!.ToArray<float>();
            Columns(reader, pair.Channels, (column, _, places) =>
            {
                foreach (int place in places)
                {
                    values[place] *= factors[column];
                }
            });
            Replace(reader.Inputs[1]!, values);
        }
    }

    private static void Rows(Node layer, float[] factors)
    {
        OnnxTensor weight = layer.Inputs[1]!.Constant!;
        float[] values = weight.ToArray<float>();
        int axis = Passes.QuantizationPlan.WeightAxis(layer);
        int inner = (int)weight.Dims[(axis + 1)..].Aggregate(1L, (product, dim) => product * dim);
        for (int place = 0; place < values.Length; place++)
        {
            values[place] /= factors[place / inner % factors.Length];
        }
        Replace(layer.Inputs[1]!, values);
        if (layer.Input(2) is { } bias)
        {
            Replace(bias, [.. bias.Constant!.ToArray<float>().Select((value, channel) => value / factors[channel])]);
        }
    }

    // The weights that an input channel is multiplied with. A Gemm behind a Flatten reads several of its inputs from one channel.
    private static void Columns(Node reader, int channels, Action<int, float[], int[]> visit)
    {
        OnnxTensor weight = reader.Inputs[1]!.Constant!;
        float[] values = weight.ToArray<float>();
        var places = new List<int>[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            places[channel] = [];
        }
        bool isGemm = reader.OpType == "Gemm";
        bool isTransposed = isGemm && reader.Attributes.GetInt("transB", 0) != 0;
        int inputs = isGemm ? (int)weight.Dims[isTransposed ? 1 : 0] : (int)weight.Dims[1];
        int inner = isGemm ? (isTransposed ? 1 : (int)weight.Dims[1]) : (int)weight.Dims[2..].Aggregate(1L, (product, dim) => product * dim);
        for (int place = 0; place < values.Length; place++)
        {
            int input = EqualizedPair.IsDepthwise(reader) ? place / inner / Math.Max(1, (int)(weight.Dims[0] / channels)) : place / inner % inputs;
            places[input * channels / (EqualizedPair.IsDepthwise(reader) ? channels : inputs)].Add(place);
        }
        for (int channel = 0; channel < channels; channel++)
        {
            visit(channel, values, [.. places[channel]]);
        }
    }

    private static void Replace(Value value, float[] data) => value.Graph.SetConstant(value, OnnxTensor.From<float>(data, value.Constant!.Dims));

    // How large each channel becomes over the samples.
    private static float[][] Sizes(OnnxModel model, EqualizedPair[] pairs, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads)
    {
        string[] names = [.. pairs.Select(pair => pair.End.Name)];
        OnnxModel part = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], names);
        foreach (Value output in part.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        float[][] sizes = [.. pairs.Select(pair => new float[pair.Channels])];
        using var session = new EngineSession(part, new EngineOptions { Threads = threads });
        foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
        {
            long rows = sample.Values.First().Dims is [var batch, ..] ? Math.Max(1, batch) : 1;
            session.Visit(sample, (index, values) =>
            {
                float[] size = sizes[index];
                int plane = Math.Max(1, (int)(values.Length / rows / size.Length));
                for (int start = 0, channel = 0; start < values.Length; start += plane, channel++)
                {
                    ref float most = ref size[channel % size.Length];
                    most = Math.Max(most, Math.Abs(TensorPrimitives.MaxMagnitude(values.Slice(start, plane))));
                }
            });
        }
        return sizes;
    }
}
