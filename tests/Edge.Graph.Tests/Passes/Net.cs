namespace Edge.Graph.Tests.Passes;

/// <summary>Writes small models in few words.</summary>
internal sealed class Net
{
    private readonly Random _random = new(11);
    private int _count;

    internal Net(int opset = 17)
    {
        Graph = new OnnxGraph("net");
        Model = new OnnxModel(Graph, opset) { IrVersion = opset >= 21 ? 10 : 8 };
    }

    internal OnnxModel Model { get; }

    internal OnnxGraph Graph { get; }

    internal Value Input(string name, params Dimension[] dims) => Graph.AddInput(name, ElementType.Float, new TensorShape(dims));

    internal Value Input(string name, ElementType element, params Dimension[] dims) => Graph.AddInput(name, element, new TensorShape(dims));

    internal Value Floats(float[] data, params long[] dims) => Graph.AddInitializer(Graph.FreshName("c"), OnnxTensor.From<float>(data, dims));

    internal Value Number(float number) => Floats([number]);

    internal Value Longs(params long[] data) => Graph.AddInitializer(Graph.FreshName("n"), OnnxTensor.From<long>(data, data.Length));

    /// <summary>Weights between -0.5 and 0.5, no two alike.</summary>
    internal Value Weights(params long[] dims) => Graph.AddInitializer(Graph.FreshName("w"), GraphFixtures.Random(_random, -0.5f, dims));

    internal Value Positive(params long[] dims) => Graph.AddInitializer(Graph.FreshName("p"), GraphFixtures.Random(_random, 0.5f, dims));

    internal Value Op(string opType, params Value?[] inputs) => Op(opType, _ => { }, inputs);

    internal Value Op(string opType, Action<AttributeMap> attributes, params Value?[] inputs)
    {
        string name = $"{opType}{++_count}";
        Node node = Graph.AddNode(opType, inputs, [Graph.FreshName(name + "_out")], name);
        attributes(node.Attributes);
        return node.Outputs[0]!;
    }

    internal Value Norm(Value x, long channels) => Op("BatchNormalization", x, Positive(channels), Weights(channels), Weights(channels), Positive(channels));

    internal OnnxModel Output(params Value[] values)
    {
        foreach (Value value in values)
        {
            value.Type ??= new TensorType(ElementType.Float, null);
            Graph.AddOutput(value);
        }
        return Model;
    }
}
