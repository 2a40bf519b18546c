using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Repair;

/// <summary>
/// Moves the range of activations into the weights behind them, where a normalization gives each channel a factor of its own (Xiao
/// and others 2023, "SmoothQuant"): the normalization's factor and shift are divided by <c>sⱼ = √(max|Xⱼ| ÷ max|Wⱼ|)</c>, the rows of
/// the matrices multiplied by it. The float function stays the same. For transformers and other nets of matrix products.
/// </summary>
public static class SmoothQuant
{
    private const float Nothing = 1e-8f;

    /// <summary>Smooths a prepared model in place.</summary>
    /// <param name="prepared">The float model; its weights change, what it computes does not.</param>
    /// <param name="samples">Inputs by name, which show how large each channel becomes.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <returns>How many normalizations were changed.</returns>
    public static int Run(PreparedModel prepared, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(samples);
        Place[] places = [.. prepared.Model.Graph.Nodes.Select(PlaceOf).OfType<Place>()];
        if (places.Length == 0 || samples.Count == 0)
        {
            return 0;
        }
        float[][] sizes = Sizes(prepared.Model, places, samples, threads);
        for (int index = 0; index < places.Length; index++)
        {
            Smooth(places[index], sizes[index]);
        }
        return places.Length;
    }

    private static void Smooth(Place place, float[] sizes)
    {
        float[] factors = new float[sizes.Length];
        foreach (Node reader in place.Readers)
        {
            ReadOnlySpan<float> weight = reader.Inputs[1]!.Constant!.AsSpan<float>();
            for (int index = 0; index < weight.Length; index++)
            {
                ref float most = ref factors[RowOf(reader, index)];
                most = Math.Max(most, Math.Abs(weight[index]));
            }
        }
        for (int channel = 0; channel < factors.Length; channel++)
        {
            // A dead channel keeps its size.
            factors[channel] = sizes[channel] < Nothing || factors[channel] < Nothing ? 1 : MathF.Sqrt(sizes[channel] / factors[channel]);
        }
        foreach (Value value in new[] { place.Factor, place.Shift }.OfType<Value>())
        {
            Replace(value, (number, index) => number / factors[index % factors.Length]);
        }
        foreach (Node reader in place.Readers)
        {
            Replace(reader.Inputs[1]!, (number, index) => number * factors[RowOf(reader, index)]);
        }
    }

    // The input channel that a weight is multiplied with.
    private static int RowOf(Node reader, int index)
    {
        long[] dims = reader.Inputs[1]!.Constant!.Dims;
        return (int)(reader.OpType == "Gemm" && reader.Attributes.GetInt("transB", 0) != 0 ? index % dims[1] : index / dims[1]);
    }

    private static void Replace(Value value, Func<float, int, float> change) =>
        value.Graph.SetConstant(value, OnnxTensor.From<float>([.. value.Constant!.ToArray<float>().Select(change)], value.Constant.Dims));

    // The last node of a normalization: LayerNormalization itself, or the Mul and Add with a constant for each channel.
    private static Place? PlaceOf(Node node)
    {
        if (node.Domain.Length > 0 || node.Outputs[0] is not { IsGraphOutput: false, Uses.Count: > 0 } end)
        {
            return null;
        }
        (Value? factor, Value? shift) = node.OpType switch
        {
            "LayerNormalization" when node.Outputs.Skip(1).All(output => output is null) => (node.Input(1), node.Input(2)),
            "Mul" => (ConstantOf(node), null),
            "Add" when node.Inputs.Select(input => input?.Producer).OfType<Node>().FirstOrDefault() is { Domain: "", OpType: "Mul" } product && product.Outputs[0] is { Uses.Count: 1, IsGraphOutput: false } => (ConstantOf(product), ConstantOf(node)),
            _ => (null, null),
        };
        Node[] readers = [.. end.Uses.Where(use => use.Index == 0).Select(use => use.Node)];
        return factor is not null && (node.OpType == "Mul" || shift is not null || node.OpType == "LayerNormalization")
            && IsOwn(factor) && (shift is null || (IsOwn(shift) && shift.Constant!.Length == factor.Constant!.Length))
            && readers.Length == end.Uses.Count && readers.All(reader => Reads(reader, factor.Constant!.Length))
            ? new Place(end, factor, shift, readers)
            : null;
    }

    private static Value? ConstantOf(Node node) => node.Inputs.OfType<Value>().FirstOrDefault(input => input.IsConstant);

    // One number for each channel of the last axis, which nobody else reads.
    private static bool IsOwn(Value value) =>
        value is { IsConstant: true, IsGraphOutput: false, Uses.Count: 1, Constant: { Type: ElementType.Float, Dims: [.., > 1] } constant } && constant.Length == constant.Dims[^1];

    private static bool Reads(Node reader, long channels) =>
        reader.Domain.Length == 0 && (reader.OpType == "MatMul" || (reader.OpType == "Gemm" && reader.Attributes.GetInt("transA", 0) == 0))
        && reader.Input(1) is { IsConstant: true, IsGraphOutput: false, Uses.Count: 1, Constant: { Type: ElementType.Float, Dims.Length: 2 } weight }
        && weight.Dims[reader.OpType == "Gemm" && reader.Attributes.GetInt("transB", 0) != 0 ? 1 : 0] == channels;

    private static float[][] Sizes(OnnxModel model, Place[] places, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads)
    {
        string[] names = [.. places.Select(place => place.End.Name)];
        OnnxModel part = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], names);
        foreach (Value output in part.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        float[][] sizes = [.. places.Select(place => new float[place.Factor.Constant!.Length])];
        using var session = new EngineSession(part, new EngineOptions { Threads = threads });
        foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
        {
            session.Visit(sample, (index, values) =>
            {
                float[] size = sizes[index];
                for (int place = 0; place < values.Length; place++)
                {
                    size[place % size.Length] = Math.Max(size[place % size.Length], Math.Abs(values[place]));
                }
            });
        }
        return sizes;
    }

    private sealed record Place(Value End, Value Factor, Value? Shift, IReadOnlyList<Node> Readers);
}
