using Edge.Graph;

namespace Edge.Quantizer.Schemes;

/// <summary>
/// Recurrent layers that compute in float with weights stored as int8, a scale for each row. They are restored by a Cast and a Mul,
/// which an engine computes once when it loads the model; a DequantizeLinear it would leave for every run.
/// </summary>
internal static class RecurrentWeights
{
    /// <summary>Stores the weights of an LSTM, GRU or RNN.</summary>
    /// <returns>False for other nodes, and where the weights are no constants.</returns>
    /// <exception cref="QuantizationException">A weight is not finite.</exception>
    internal static bool Store(Node node)
    {
        if (node.Domain.Length > 0 || node.OpType is not ("LSTM" or "GRU" or "RNN"))
        {
            return false;
        }
        bool changed = false;
        for (int index = 1; index <= 2; index++)
        {
            if (node.Input(index) is { IsConstant: true, Constant: { Type: ElementType.Float, Dims: [var directions, var rows, var columns] } weight } value)
            {
                var flat = new OnnxTensor(ElementType.Float, [directions * rows, columns], weight.Bytes);
                (OnnxTensor whole, float[] scales) = WeightQuantizer.Quantize(flat, 0, 127, [], value.Name);
                OnnxGraph graph = node.Graph;
                Node cast = WeightTable.Add(graph, "Cast", [graph.AddInitializer(graph.FreshName(value.Name + "_quantized"), new OnnxTensor(ElementType.Int8, weight.Dims, whole.Bytes))], node);
                cast.Attributes.Set("to", (long)ElementType.Float);
                Value steps = graph.AddInitializer(graph.FreshName(value.Name + "_scale"), OnnxTensor.From<float>(scales, directions, rows, 1));
                Node restore = WeightTable.Add(graph, "Mul", [cast.Outputs[0], steps], node);
                restore.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(weight.Dims));
                node.SetInput(index, restore.Outputs[0]);
                changed = true;
            }
        }
        return changed;
    }
}
