using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Passes;

/// <summary>
/// Writes a plan into the graph as QuantizeLinear and DequantizeLinear nodes: activations per tensor, weights signed, biases
/// int32 with the product of both scales. An engine fuses each group into an integer kernel.
/// </summary>
internal sealed class InsertQdq(OnnxGraph graph, QuantizationPlan plan, ActivationScales scales, QuantizationOptions options, bool isTrainable = false)
{
    /// <summary>The initializer with the scales of each layer's weight, by the layer's name; filled where weights are to be trained.</summary>
    internal Dictionary<string, string> WeightScaleNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The initializer with the scale of each group of activations, by the value that stands for the group.</summary>
    internal IEnumerable<KeyValuePair<string, string>> ActivationScaleNames => _parameterValues.Select(pair => KeyValuePair.Create(_groupNames[pair.Key], pair.Value.Scale.Name));

    private readonly Dictionary<Value, string> _groupNames = [];
    private readonly Dictionary<Value, (Value Scale, Value ZeroPoint)> _parameterValues = [];
    private readonly Dictionary<(Value Weight, int Axis), (float[] Scales, Value Dequantized)> _weights = [];

    internal void Run()
    {
        // Weights first: they look at the activations as the float graph has them.
        foreach (Node node in graph.Nodes.Where(plan.Nodes.Contains).ToArray())
        {
            if (plan.Role(node) == OperatorRole.Computes)
            {
                if (!QuantizationPlan.IsProduct(node))
                {
                    QuantizeWeights(node);
                }
            }
            else if (plan.Role(node) == OperatorRole.Follows)
            {
                QuantizeConstants(node);
            }
        }
        foreach (Value activation in graph.Inputs.Concat(graph.Nodes.ToArray().SelectMany(node => node.Outputs).OfType<Value>()).Where(plan.Activations.Contains).ToArray())
        {
            QuantizeActivation(activation);
        }
    }

    private void QuantizeActivation(Value value)
    {
        (Value scale, Value zeroPoint) = Parameters(value);
        string stem = value.Name;
        Node? before = value.Producer is { } producer ? producer.Next : graph.Nodes.First;
        // What a float node makes stays exact for readers that are float too.
        bool isMadeQuantized = plan.IsMadeQuantized(value);
        Use[] readers = [.. value.Uses.Where(use => isMadeQuantized || plan.Nodes.Contains(use.Node))];
        bool isOutput = value.IsGraphOutput && isMadeQuantized;
        Node quantize = graph.AddNode("QuantizeLinear", [value, scale, zeroPoint], [graph.FreshName(stem + "_quantized")], graph.FreshName(stem + "_quantize"), before);
        Node dequantize = graph.AddNode("DequantizeLinear", [quantize.Outputs[0], scale, zeroPoint], [graph.FreshName(stem + "_dequantized")], graph.FreshName(stem + "_dequantize"), before);
        Value result = dequantize.Outputs[0]!;
        result.Type = value.Type;
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
        float inputScale = scales[node.Inputs[0]!].Scale;
        float[]? bias = ShiftBias(node, axis);
        if (isTrainable)
        {
            KeepTrainable(node, weight, axis);
            return;
        }
        bool quantizesBias = bias is not null && options.Target.QuantizesBias && !options.ActivationType.IsWide();
        float[] smallest = quantizesBias ? SmallestScales(bias!, inputScale) : [];
        (OnnxTensor quantized, float[] weightScales) = WeightQuantizer.Quantize(weight.Constant!, axis, options.Target.WeightSteps, smallest, weight.Name, options.PerChannel, options.ClipWeights, options.WeightScales.GetValueOrDefault(node.Name));
        // Roundings are of use with their own steps only.
        if (options.RoundedWeights.TryGetValue(node.Name, out sbyte[]? rounded) && options.WeightScales.TryGetValue(node.Name, out float[]? own) && own.AsSpan().SequenceEqual(weightScales))
        {
            quantized = new OnnxTensor(ElementType.Int8, weight.Constant!.Dims, MemoryMarshal.AsBytes(rounded.AsSpan()).ToArray());
        }
        if (!_weights.TryGetValue((weight, axis), out (float[] Scales, Value Dequantized) shared) || !shared.Scales.AsSpan().SequenceEqual(weightScales))
        {
            long[] dims = options.PerChannel ? [weightScales.Length] : [];
            var zeros = new OnnxTensor(ElementType.Int8, dims, new byte[weightScales.Length]);
            shared = (weightScales, Dequantize(weight.Name, node, axis, quantized, weightScales, zeros));
            _weights[(weight, axis)] = shared;
        }
        node.SetInput(1, shared.Dequantized);
        if (!quantizesBias)
        {
            return;
        }
        float[] biasScales = Array.ConvertAll(weightScales, scale => scale * inputScale);
        int[] whole = new int[bias!.Length];
        for (int channel = 0; channel < whole.Length; channel++)
        {
            whole[channel] = (int)Math.Clamp(Math.Round((double)bias[channel] / biasScales[channel % biasScales.Length], MidpointRounding.ToEven), int.MinValue, int.MaxValue);
        }
        OnnxTensor shift = new(ElementType.Int32, [whole.Length], MemoryMarshal.AsBytes(whole.AsSpan()).ToArray());
        node.SetInput(2, Dequantize(node.Inputs[2]!.Name, node, 0, shift, biasScales, null));
    }

    // The weight stays float and is rounded on the way, so that gradients reach it and its scales.
    private void KeepTrainable(Node node, Value weight, int axis)
    {
        float[] steps = WeightQuantizer.Scales(weight.Constant!, axis, options.Target.WeightSteps, weight.Name, options.ClipWeights);
        Value scale = graph.AddInitializer(graph.FreshName(weight.Name + "_scale"), OnnxTensor.From<float>(steps, steps.Length));
        Value zero = graph.AddInitializer(graph.FreshName(weight.Name + "_zero_point"), new OnnxTensor(ElementType.Int8, [steps.Length], new byte[steps.Length]));
        Node quantize = graph.AddNode("QuantizeLinear", [weight, scale, zero], [graph.FreshName(weight.Name + "_quantized")], graph.FreshName(weight.Name + "_quantize"), node);
        Node dequantize = graph.AddNode("DequantizeLinear", [quantize.Outputs[0], scale, zero], [graph.FreshName(weight.Name + "_dequantized")], graph.FreshName(weight.Name + "_dequantize"), node);
        quantize.Attributes.Set("axis", axis);
        dequantize.Attributes.Set("axis", axis);
        node.SetInput(1, dequantize.Outputs[0]);
        WeightScaleNames[node.Name] = scale.Name;
    }

    // The bias of a layer, moved by what was corrected.
    private float[]? ShiftBias(Node node, int axis)
    {
        float[]? bias = node.Input(2)?.Constant?.ToArray<float>();
        if (node.OpType == "MatMul" || !options.BiasShifts.TryGetValue(node.Name, out float[]? shift))
        {
            return bias;
        }
        bias ??= new float[node.Inputs[1]!.Constant!.Dims[axis]];
        for (int channel = 0; channel < bias.Length; channel++)
        {
            bias[channel] += shift[channel];
        }
        node.SetInput(2, graph.AddInitializer(graph.FreshName(node.Name + "_bias"), OnnxTensor.From<float>(bias, bias.Length)));
        return bias;
    }

    // A constant that is added or multiplied: a tensor of activations that never changes.
    private void QuantizeConstants(Node node)
    {
        for (int index = 0; index < node.Inputs.Count; index++)
        {
            if (node.Inputs[index] is { IsConstant: true, Constant: { Type: ElementType.Float } constant } value)
            {
                float[] data = constant.ToArray<float>();
                AffineParameters map = AffineParameters.Of(new TensorRange(data.Min(), data.Max()), options.ActivationType, options.Target.SymmetricActivations);
                (int least, int most) = (options.ActivationType.Minimum(), options.ActivationType.Maximum());
                int[] whole = Array.ConvertAll(data, number => (int)Math.Clamp(MathF.Round(number / map.Scale, MidpointRounding.ToEven) + map.ZeroPoint, least, most));
                OnnxTensor quantized = options.ActivationType switch
                {
                    QuantizedType.UInt8 => OnnxTensor.From<byte>(Array.ConvertAll(whole, number => (byte)number), constant.Dims),
                    QuantizedType.Int8 => OnnxTensor.From<sbyte>(Array.ConvertAll(whole, number => (sbyte)number), constant.Dims),
                    QuantizedType.UInt16 => OnnxTensor.From<ushort>(Array.ConvertAll(whole, number => (ushort)number), constant.Dims),
                    _ => OnnxTensor.From<short>(Array.ConvertAll(whole, number => (short)number), constant.Dims),
                };
                node.SetInput(index, Dequantize(value.Name, node, 0, quantized, [map.Scale], options.ActivationType.Scalar(map.ZeroPoint), isScalar: true));
            }
        }
    }

    // A channel of tiny weights with a large bias would need a bias beyond int32: its weights take a coarser step then.
    private static float[] SmallestScales(float[] bias, float inputScale) => Array.ConvertAll(bias, value => Math.Abs(value) / (inputScale * (1 << 30)));

    private Value Dequantize(string stem, Node before, int axis, OnnxTensor tensor, float[] steps, OnnxTensor? zeroPoint, bool isScalar = false)
    {
        isScalar |= steps.Length == 1 && (!options.PerChannel || tensor.Dims.Length == 0);
        Value data = graph.AddInitializer(graph.FreshName(stem + "_quantized"), tensor);
        Value scale = graph.AddInitializer(graph.FreshName(stem + "_scale"), isScalar ? OnnxTensor.Scalar(steps[0]) : OnnxTensor.From<float>(steps, steps.Length));
        Value? zero = zeroPoint is null ? null : graph.AddInitializer(graph.FreshName(stem + "_zero_point"), zeroPoint);
        Node node = graph.AddNode("DequantizeLinear", zero is null ? [data, scale] : [data, scale, zero], [graph.FreshName(stem + "_dequantized")], graph.FreshName(stem + "_dequantize"), before);
        if (!isScalar)
        {
            node.Attributes.Set("axis", axis);
        }
        return node.Outputs[0]!;
    }

    // Values that share a range share the initializers too, so that an engine sees at a glance that the scales are one.
    private (Value Scale, Value ZeroPoint) Parameters(Value value)
    {
        Value group = scales.Group(value);
        if (!_parameterValues.TryGetValue(group, out (Value Scale, Value ZeroPoint) values))
        {
            AffineParameters parameters = scales[value];
            values = (
                graph.AddInitializer(graph.FreshName(group.Name + "_scale"), OnnxTensor.Scalar(parameters.Scale)),
                graph.AddInitializer(graph.FreshName(group.Name + "_zero_point"), options.ActivationType.Scalar(parameters.ZeroPoint)));
            _parameterValues[group] = values;
            _groupNames[group] = group.Name;
        }
        return values;
    }
}
