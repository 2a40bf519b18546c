using System.Runtime.InteropServices;
using Edge.Graph;

namespace Edge.Quantizer.Passes;

/// <summary>
/// Writes a plan into the graph as QuantizeLinear and DequantizeLinear nodes: activations unsigned per tensor,
/// weights signed per channel, biases int32 with the product of both scales. An engine fuses each group into an integer kernel.
/// </summary>
internal sealed class InsertQdq(OnnxGraph graph, QuantizationPlan plan, IReadOnlyDictionary<string, TensorRange> ranges, int weightSteps)
{
    private readonly Dictionary<Value, AffineParameters> _parameters = [];
    private readonly Dictionary<Value, (Value Scale, Value ZeroPoint)> _parameterValues = [];
    private readonly Dictionary<(Value Weight, int Axis), (float[] Scales, Value Dequantized)> _weights = [];

    internal void Run()
    {
        foreach (Value activation in plan.Activations)
        {
            _parameters[activation] = AffineParameters.UInt8(ranges[plan.RangeSource(activation).Name]);
        }
        // Weights first: they look at the activations as the float graph has them.
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.OpType is "Conv" or "Gemm" or "MatMul" && plan.Nodes.Contains(node))
            {
                QuantizeWeights(node);
            }
        }
        foreach (Value activation in plan.Activations)
        {
            QuantizeActivation(activation);
        }
    }

    private void QuantizeActivation(Value value)
    {
        (Value scale, Value zeroPoint) = Parameters(value);
        string stem = value.Name;
        Node? before = value.Producer is { } producer ? producer.Next : graph.Nodes.First;
        Use[] readers = [.. value.Uses];
        bool isOutput = value.IsGraphOutput;
        Node quantize = graph.AddNode("QuantizeLinear", [value, scale, zeroPoint], [graph.FreshName(stem + "_quantized")], graph.FreshName(stem + "_quantize"), before);
        Node dequantize = graph.AddNode("DequantizeLinear", [quantize.Outputs[0], scale, zeroPoint], [graph.FreshName(stem + "_dequantized")], graph.FreshName(stem + "_dequantize"), before);
        Value result = dequantize.Outputs[0]!;
        foreach (Use reader in readers)
        {
            reader.Node.SetInput(reader.Index, result);
        }
        if (isOutput && !value.IsGraphInput)
        {
            value.GiveOutputTo(result);
        }
    }

    private void QuantizeWeights(Node node)
    {
        Value weight = node.Inputs[1]!;
        int axis = QuantizationPlan.WeightAxis(node);
        float inputScale = _parameters[node.Inputs[0]!].Scale;
        float[]? bias = node.Input(2)?.Constant?.ToArray<float>();
        (OnnxTensor quantized, float[] scales) = WeightQuantizer.Quantize(weight.Constant!, axis, weightSteps, SmallestScales(bias, inputScale), weight.Name);
        if (!_weights.TryGetValue((weight, axis), out (float[] Scales, Value Dequantized) shared) || !shared.Scales.AsSpan().SequenceEqual(scales))
        {
            var zeros = new OnnxTensor(ElementType.Int8, [scales.Length], new byte[scales.Length]);
            shared = (scales, Dequantize(weight.Name, node, axis, quantized, scales, zeros));
            _weights[(weight, axis)] = shared;
        }
        node.SetInput(1, shared.Dequantized);
        if (bias is null)
        {
            return;
        }
        float[] biasScales = Array.ConvertAll(scales, scale => scale * inputScale);
        int[] whole = new int[bias.Length];
        for (int channel = 0; channel < whole.Length; channel++)
        {
            whole[channel] = (int)Math.Clamp(Math.Round((double)bias[channel] / biasScales[channel], MidpointRounding.ToEven), int.MinValue, int.MaxValue);
        }
        OnnxTensor shift = new(ElementType.Int32, [whole.Length], MemoryMarshal.AsBytes(whole.AsSpan()).ToArray());
        node.SetInput(2, Dequantize(node.Inputs[2]!.Name, node, 0, shift, biasScales, null));
    }

    // A channel of tiny weights with a large bias would need a bias beyond int32: its weights take a coarser step then.
    private static float[] SmallestScales(float[]? bias, float inputScale) =>
        bias is null ? [] : Array.ConvertAll(bias, value => Math.Abs(value) / (inputScale * (1 << 30)));

    private Value Dequantize(string stem, Node before, int axis, OnnxTensor tensor, float[] scales, OnnxTensor? zeroPoint)
    {
        Value data = graph.AddInitializer(graph.FreshName(stem + "_quantized"), tensor);
        Value scale = graph.AddInitializer(graph.FreshName(stem + "_scale"), OnnxTensor.From<float>(scales, scales.Length));
        Value? zero = zeroPoint is null ? null : graph.AddInitializer(graph.FreshName(stem + "_zero_point"), zeroPoint);
        Node node = graph.AddNode("DequantizeLinear", zero is null ? [data, scale] : [data, scale, zero], [graph.FreshName(stem + "_dequantized")], graph.FreshName(stem + "_dequantize"), before);
        node.Attributes.Set("axis", axis);
        return node.Outputs[0]!;
    }

    // Values that share a range share the initializers too, so that an engine sees at a glance that the scales are one.
    private (Value Scale, Value ZeroPoint) Parameters(Value value)
    {
        Value source = plan.RangeSource(value);
        if (!_parameterValues.TryGetValue(source, out (Value Scale, Value ZeroPoint) values))
        {
            AffineParameters parameters = _parameters[value];
            values = (
                graph.AddInitializer(graph.FreshName(source.Name + "_scale"), OnnxTensor.Scalar(parameters.Scale)),
                graph.AddInitializer(graph.FreshName(source.Name + "_zero_point"), OnnxTensor.Scalar((byte)parameters.ZeroPoint)));
            _parameterValues[source] = values;
        }
        return values;
    }

}
