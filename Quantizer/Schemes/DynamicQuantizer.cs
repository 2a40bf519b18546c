using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Graph.Passes;

namespace Edge.Quantizer.Schemes;

/// <summary>
/// Weights int8, activations rounded by the smallest and largest value of each run: DynamicQuantizeLinear and MatMulInteger for
/// products of matrices, ONNX Runtime's DynamicQuantizeLSTM for LSTM, int8 rows for embedding tables and stored int8 weights for other recurrent layers. Nothing is calibrated.
/// </summary>
public static class DynamicQuantizer
{
    private const string Domain = "com.microsoft";

    /// <summary>Rewrites a prepared model.</summary>
    /// <param name="prepared">The float model; it is not changed.</param>
    /// <exception cref="QuantizationException">The model has no such layer, or a weight is not finite.</exception>
    public static QuantizedModel Run(PreparedModel prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        OnnxModel result = prepared.Model.Copy();
        OnnxGraph graph = result.Graph;
        var done = new List<string>();
        foreach (Node node in graph.Nodes.ToArray())
        {
            string what = node.Describe();
            if (Product(node) || Lstm(node) || RecurrentWeights.Store(node))
            {
                done.Add(what);
            }
        }
        if (done.Count == 0)
        {
            throw new QuantizationException("no recurrent layer, Gemm or MatMul with constant weights, which is what dynamic quantization is for; use --scheme static");
        }
        int tables = WeightTable.Run(graph);
        result.Opsets[Domain] = 1;
        new RemoveDeadCode().Run(result);
        ModelVerifier.ThrowIfInvalid(result, "quantized model");
        return new QuantizedModel(result, [.. done, .. Enumerable.Repeat("an embedding table", tables)], [], new Dictionary<string, TensorRange>());
    }

    private static bool Product(Node node)
    {
        bool isGemm = node.Is("Gemm") && node.Attributes.GetFloat("alpha", 1) == 1 && node.Attributes.GetFloat("beta", 1) == 1 && node.Attributes.GetInt("transA", 0) == 0;
        if (!(isGemm || node.Is("MatMul")) || node.Input(1) is not { IsConstant: true, Constant: { Type: ElementType.Float, Dims.Length: 2 } weight } value || node.Input(0) is not { IsConstant: false } input)
        {
            return false;
        }
        OnnxGraph graph = node.Graph;
        bool isTransposed = isGemm && node.Attributes.GetInt("transB", 0) != 0;
        (OnnxTensor whole, float[] scales) = WeightQuantizer.Quantize(weight, isTransposed ? 0 : 1, 127, [], value.Name);
        whole = isTransposed ? Turned(whole) : whole;
        Node dynamic = WeightTable.Add(graph, "DynamicQuantizeLinear", [input], node, outputs: 3);
        Node product = WeightTable.Add(graph, "MatMulInteger",
            [
                dynamic.Outputs[0], graph.AddInitializer(graph.FreshName(value.Name + "_quantized"), whole), dynamic.Outputs[2],
                graph.AddInitializer(graph.FreshName(value.Name + "_zero_point"), new OnnxTensor(ElementType.Int8, [scales.Length], new byte[scales.Length])),
            ], node);
        Node cast = WeightTable.Add(graph, "Cast", [product.Outputs[0]], node);
        cast.Attributes.Set("to", (long)ElementType.Float);
        Node steps = WeightTable.Add(graph, "Mul", [dynamic.Outputs[1], graph.AddInitializer(graph.FreshName(value.Name + "_scale"), OnnxTensor.From<float>(scales, scales.Length))], node);
        Value result = WeightTable.Add(graph, "Mul", [cast.Outputs[0], steps.Outputs[0]], node).Outputs[0]!;
        if (isGemm && node.Input(2) is { } bias)
        {
            result = WeightTable.Add(graph, "Add", [result, bias], node).Outputs[0]!;
        }
        WeightTable.Replace(node, result);
        return true;
    }

    // The engine's operator takes weights transposed, [directions, inputs, 4 · hidden], with a scale for each column.
    private static bool Lstm(Node node)
    {
        if (!node.Is("LSTM") || node.Input(1) is not { IsConstant: true, Constant.Type: ElementType.Float } || node.Input(2) is not { IsConstant: true, Constant.Type: ElementType.Float }
            || node.Attributes.GetInt("layout", 0) != 0)
        {
            return false;
        }
        OnnxGraph graph = node.Graph;
        (Value w, Value wScale, Value wZero) = Weight(node.Inputs[1]!);
        (Value r, Value rScale, Value rZero) = Weight(node.Inputs[2]!);
        Node dynamic = graph.AddNode(
            "DynamicQuantizeLSTM",
            [node.Inputs[0], w, r, node.Input(3), node.Input(4), node.Input(5), node.Input(6), node.Input(7), wScale, wZero, rScale, rZero],
            [.. node.Outputs.Select(output => output is null ? "" : graph.FreshName(output.Name + "_dynamic"))], node.Name + "_dynamic", node, Domain);
        foreach (NodeAttribute attribute in node.Attributes)
        {
            dynamic.Attributes.Set(attribute);
        }
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            if (node.Outputs[index] is { } old)
            {
                dynamic.Outputs[index]!.Type = old.Type;
                old.ReplaceAllUsesWith(dynamic.Outputs[index]!);
            }
        }
        node.TryRemove();
        return true;
    }

    private static (Value Whole, Value Scale, Value Zero) Weight(Value value)
    {
        OnnxGraph graph = value.Graph;
        OnnxTensor weight = value.Constant!;
        (int directions, int rows, int columns) = ((int)weight.Dims[0], (int)weight.Dims[1], (int)weight.Dims[2]);
        var flat = new OnnxTensor(ElementType.Float, [directions * rows, columns], weight.Bytes);
        (OnnxTensor whole, float[] scales) = WeightQuantizer.Quantize(flat, 0, 127, [], value.Name);
        byte[] bytes = new byte[whole.Bytes.Length];
        ReadOnlySpan<byte> from = whole.Bytes.Span;
        for (int place = 0; place < bytes.Length; place++)
        {
            (int direction, int row, int column) = (place / (rows * columns), place / columns % rows, place % columns);
            bytes[(direction * rows * columns) + (column * rows) + row] = from[place];
        }
        return (
            graph.AddInitializer(graph.FreshName(value.Name + "_quantized"), new OnnxTensor(ElementType.Int8, [directions, columns, rows], bytes)),
            graph.AddInitializer(graph.FreshName(value.Name + "_scale"), OnnxTensor.From<float>(scales, directions, rows)),
            graph.AddInitializer(graph.FreshName(value.Name + "_zero_point"), new OnnxTensor(ElementType.Int8, [directions, rows], new byte[scales.Length])));
    }

    private static OnnxTensor Turned(OnnxTensor tensor)
    {
        (int rows, int columns) = ((int)tensor.Dims[0], (int)tensor.Dims[1]);
        ReadOnlySpan<sbyte> from = MemoryMarshal.Cast<byte, sbyte>(tensor.Bytes.Span);
        byte[] to = new byte[from.Length];
        for (int place = 0; place < to.Length; place++)
        {
            to[(place % columns * rows) + (place / columns)] = (byte)from[place];
        }
        return new OnnxTensor(ElementType.Int8, [columns, rows], to);
    }
}
