using System.Globalization;
using Edge.Graph;

namespace Edge.Benchmarks.Graph;

/// <summary>
/// Models of any number of nodes, of what exporters leave behind: convolutions with normalisation, residual sums, shape
/// arithmetic around reshapes, constants that are computed, identities, transposes that cancel, equal nodes and dead ones.
/// </summary>
public static class GeneratedModel
{
    private const int Channels = 4;

    /// <summary>Makes a model.</summary>
    /// <param name="nodes">How many nodes at least.</param>
    public static OnnxModel Make(int nodes)
    {
        var random = new Random(nodes);
        var graph = new OnnxGraph("generated");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", Channels, 8, 8));
        OnnxTensor Weights(params long[] dims)
        {
            float[] data = new float[dims.Aggregate(1L, (product, dim) => product * dim)];
            for (int index = 0; index < data.Length; index++)
            {
                data[index] = random.NextSingle() + 0.1f;
            }
            return OnnxTensor.From<float>(data, dims);
        }
        for (int block = 0; graph.Nodes.Count < nodes; block++)
        {
            string stem = "block" + block.ToString(CultureInfo.InvariantCulture) + "/";
            Value Add(string op, string label, Action<AttributeMap>? attributes, params Value[] inputs)
            {
                Node node = graph.AddNode(op, inputs, [stem + label + "_output_0"], stem + label);
                attributes?.Invoke(node.Attributes);
                return node.Outputs[0]!;
            }
            Value Constant(string label, OnnxTensor tensor) => Add("Constant", label, map => map.Set("value", tensor));
            Value y = Add("Conv", "Conv", map => map.Set("kernel_shape", [1L, 1L]), x, graph.AddInitializer(stem + "weight", Weights(Channels, Channels, 1, 1)));
            y = Add("BatchNormalization", "BatchNormalization", null, y, graph.AddInitializer(stem + "scale", Weights(Channels)), graph.AddInitializer(stem + "shift", Weights(Channels)),
                graph.AddInitializer(stem + "mean", Weights(Channels)), graph.AddInitializer(stem + "variance", Weights(Channels)));
            Value gate = Add("Sigmoid", "Sigmoid", null, y);
            y = Add("Mul", "Mul", null, y, gate);
            y = Add("Transpose", "Transpose", map => map.Set("perm", [0L, 2, 3, 1]), y);
            y = Add("Transpose", "Transpose_1", map => map.Set("perm", [0L, 3, 1, 2]), y);
            Value shape = Add("Shape", "Shape", null, y);
            Value batch = Add("Gather", "Gather", null, shape, Constant("Constant", OnnxTensor.Scalar(0L)));
            Value first = Add("Unsqueeze", "Unsqueeze", null, batch, Constant("Constant_1", OnnxTensor.From<long>([0], 1)));
            Value target = Add("Concat", "Concat", map => map.Set("axis", 0L), first, Constant("Constant_2", OnnxTensor.From<long>([Channels, 8, 8], 3)));
            y = Add("Reshape", "Reshape", null, y, target);
            Value factor = Add("Sqrt", "Sqrt", null, Constant("Constant_3", Weights(Channels, 1, 1)));
            y = Add("Mul", "Mul_1", null, y, factor);
            y = Add("Identity", "Identity", null, y);
            _ = Add("Relu", "Relu", null, y);
            x = Add("Add", "Add", null, Add("Relu", "Relu_1", null, y), Add("Relu", "Relu_2", null, x));
        }
        graph.AddOutput(graph.AddNode("Identity", [x], ["y"], "last").Outputs[0]!);
        graph.Outputs[0].Type = new TensorType(ElementType.Float, null);
        return new OnnxModel(graph);
    }
}
