using System.Runtime.InteropServices;
using Edge.Graph;

namespace Edge.Quantizer.Schemes;

/// <summary>Weights stored as bfloat16, half the bytes with the range of float32, behind a Cast to float32.</summary>
public static class BFloat16Weights
{
    private const int Smallest = 64;

    /// <summary>Rewrites a prepared model.</summary>
    /// <param name="prepared">The float model; it is not changed.</param>
    /// <exception cref="QuantizationException">The model has no weight of some size.</exception>
    public static QuantizedModel Run(PreparedModel prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        OnnxModel result = prepared.Model.Copy();
        OnnxGraph graph = result.Graph;
        int count = 0;
        foreach (Value value in graph.Initializers.Where(value => value.Constant is { Type: ElementType.Float, Length: >= Smallest } && value.Uses.Count > 0 && !value.IsGraphOutput && !value.IsGraphInput).ToArray())
        {
            var stored = new OnnxTensor(ElementType.BFloat16, value.Constant!.Dims, MemoryMarshal.AsBytes(Round(value.Constant.AsSpan<float>()).AsSpan()).ToArray());
            Value weight = graph.AddInitializer(graph.FreshName(value.Name + "_bfloat16"), stored);
            Node cast = graph.AddNode("Cast", [weight], [graph.FreshName(value.Name + "_float")], graph.FreshName(value.Name + "_cast"), graph.Nodes.First);
            cast.Attributes.Set("to", (long)ElementType.Float);
            cast.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(value.Constant.Dims));
            value.ReplaceAllUsesWith(cast.Outputs[0]!);
            graph.RemoveInitializer(value);
            count++;
        }
        if (count == 0)
        {
            throw new QuantizationException("the model has no float32 weight of some size; there is nothing to make smaller");
        }
        ModelVerifier.ThrowIfInvalid(result, "quantized model");
        return new QuantizedModel(result, [], [], new Dictionary<string, TensorRange>());
    }

    /// <summary>To the nearest, ties to even: the upper half of a float32.</summary>
    internal static ushort[] Round(ReadOnlySpan<float> values)
    {
        var rounded = new ushort[values.Length];
        for (int index = 0; index < rounded.Length; index++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[index]);
            rounded[index] = float.IsNaN(values[index]) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
        return rounded;
    }
}
