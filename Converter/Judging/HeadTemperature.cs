using Edge.Graph;

namespace Edge.Judging;

/// <summary>Writes a temperature into a classifier: its logits are divided by it.</summary>
public static class HeadTemperature
{
    /// <summary>Divides the logits, below a final softmax where there is one. Where a linear layer makes them, its weights take it in and the graph stays as it is.</summary>
    /// <param name="model">The model; it is changed.</param>
    /// <param name="temperature">Above 0.</param>
    public static void Apply(OnnxModel model, double temperature)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        float factor = (float)(1 / temperature);
        Value logits = ModelPart.BelowSoftmax(model.Graph.Outputs[0]);
        if (logits.Producer is { Domain.Length: 0, OpType: "Gemm" } layer && Own(layer.Input(1)) && (layer.Input(2) is null || Own(layer.Input(2))))
        {
            Scale(model.Graph, layer.Input(1)!, factor);
            if (layer.Input(2) is { } bias)
            {
                Scale(model.Graph, bias, factor);
            }
            return;
        }
        Value scale = model.Graph.AddInitializer(model.Graph.FreshName("temperature"), OnnxTensor.Scalar(factor));
        model.Graph.InsertBehind(logits, "Mul", model.Graph.FreshName(logits.Name + "/calibrated"), [scale], "temperature");
    }

    private static bool Own(Value? value) => value is { IsConstant: true, Uses.Count: 1, ElementType: ElementType.Float };

    private static void Scale(OnnxGraph graph, Value value, float factor)
    {
        float[] values = value.Constant!.ToArray<float>();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
        graph.SetConstant(value, OnnxTensor.From<float>(values, value.Constant.Dims));
    }
}
