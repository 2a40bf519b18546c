using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Inference;

namespace Edge.Judging.Explaining;

/// <summary>Finds the inner values of a graph that are pictures of features, [N,C,H,W].</summary>
public static class FeatureMaps
{
    // What these give is [N,C,H,W] by definition.
    private static readonly HashSet<string> Makers =
        ["Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "BatchNormalization", "InstanceNormalization", "MaxPool", "AveragePool", "LpPool", "LRN", "DepthToSpace", "SpaceToDepth"];

    // These give what they are given, place by place.
    private static readonly HashSet<string> Keepers =
    [
        "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Swish", "Mish", "Tanh", "Softplus", "Erf",
        "Add", "Sub", "Mul", "Div", "Max", "Min", "Concat", "Pad", "Resize", "Upsample", "Identity", "Dropout", "Cast", "QuantizeLinear", "DequantizeLinear",
    ];

    private static readonly HashSet<string> Pools = ["MaxPool", "AveragePool", "LpPool"];

    /// <summary>
    /// The last feature map: the output of the last convolution with what activates it, before pooling and flattening take the
    /// places away. This is what Grad-CAM looks at.
    /// </summary>
    /// <param name="model">The model; shapes are inferred into it.</param>
    /// <returns>Null where the model has none, such as a net of fully connected layers.</returns>
    public static Value? Last(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Value? last = null;
        foreach (Value map in Of(model))
        {
            if (map.Producer is { } producer && !Pools.Contains(producer.OpType) && !IsQuantized(map) && HasPlaces(map))
            {
                last = map;
            }
        }
        return last;
    }

    /// <summary>A feature map by name.</summary>
    /// <param name="model">The model; shapes are inferred into it.</param>
    /// <param name="name">The name of the value, or of the node that gives it.</param>
    /// <exception cref="JudgingException">There is none of that name.</exception>
    public static Value Find(OnnxModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<Value> maps = Of(model);
        if (maps.FirstOrDefault(map => map.Name == name || map.Producer?.Name == name) is { } found)
        {
            return found;
        }
        string hint = NearestName.Of(name, maps.Select(map => map.Name)) is { } near ? $"did you mean '{near}'?"
            : maps.Count > 0 ? $"the last is '{maps[^1].Name}'" : "the model has no feature maps at all";
        throw new JudgingException($"'{name}' is no feature map [N,C,H,W] of the model; {hint}");
    }

    /// <summary>All of them, in the order of the graph.</summary>
    private static List<Value> Of(OnnxModel model)
    {
        ShapeInference.Run(model);
        var maps = new HashSet<Value>();
        var ordered = new List<Value>();
        foreach (Node node in model.Graph.Nodes)
        {
            bool isMap = Makers.Contains(node.OpType) || (Keepers.Contains(node.OpType) && node.Inputs.Any(input => input is not null && maps.Contains(input)));
            if (isMap && node.Domain.Length == 0 && node.Outputs[0] is { Shape.Rank: 4 } output && maps.Add(output))
            {
                ordered.Add(output);
            }
        }
        return ordered;
    }

    private static bool HasPlaces(Value map) => map.Shape![2].Size != 1 || map.Shape[3].Size != 1;

    private static bool IsQuantized(Value map) => map.ElementType is ElementType.Int8 or ElementType.UInt8;
}
