using Edge.Graph;
using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Fuzz;

/// <summary>Files made to take more than they are worth: memory, time, stack.</summary>
internal static class Bombs
{
    private static readonly Func<Random, byte[]>[] All =
    [
        random => Empty(7, 1, random.Next(200_000)),   // nodes
        random => Empty(7, 5, random.Next(200_000)),   // initializers
        random => Empty(7, 13, random.Next(200_000)),  // value infos
        random => Empty(25, 7, random.Next(200_000)),  // functions' nodes
        random => Wrap(Wrap([.. Repeat([0x2a, 0x00], random.Next(200_000))], 1), 7),  // a node's attributes
        random => Wrap(Wrap(Wrap([.. Repeat([0x5a, 0x00], random.Next(200_000))], 5), 1), 7),  // an attribute's graphs
        random => Deep(random.Next(300)),
        _ => Huge([1L << 20, 1L << 20]),
        _ => Huge([0, long.MaxValue, long.MaxValue]),
        _ => Huge([1L << 32, 1L << 32]),
        _ => Huge([-1]),
        random => Names(random.Next(30_000)),
        random => Chain(random.Next(4_000)),
        random => Circle(2 + random.Next(4_000)),
        random => Packed(random.Next(2_000_000)),
        random => Attributes(random.Next(30_000)),
        random => Inputs(random.Next(60_000)),
        random => Types(random.Next(300)),
        random => Doubling(random.Next(60)),
        random => Functions(random.Next(40)),
    ];

    internal static byte[] Make(Random random) => All[random.Next(All.Length)](random);

    private static IEnumerable<byte> Repeat(byte[] bytes, int count) => Enumerable.Range(0, count).SelectMany(_ => bytes);

    private static byte[] Wrap(byte[] content, int field)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(content));
        output.Flush();
        return stream.ToArray();
    }

    private static byte[] Empty(int outer, int inner, int count) =>
        [0x08, 0x08, .. Wrap([.. Repeat([(byte)((inner << 3) | 2), 0x00], count)], outer), .. outer == 7 ? [] : Wrap([], 7)];

    private static byte[] Deep(int levels)
    {
        byte[] graph = [];
        for (int level = 0; level < levels; level++)
        {
            graph = Wrap(Wrap([.. Wrap(graph, 6), 0xa0, 0x01, 0x05, 0x0a, 0x01, 0x62], 5), 1);
        }
        return [0x08, 0x08, .. Wrap(graph, 7)];
    }

    private static byte[] Huge(long[] dims)
    {
        var graph = new GraphProto { Name = "huge" };
        var tensor = new TensorProto { Name = "w", DataType = (int)ElementType.Float, RawData = ByteString.Empty };
        tensor.Dims.AddRange(dims);
        graph.Initializer.Add(tensor);
        graph.Input.Add(OwnModels.Info("x", ElementType.Float, dims));
        graph.Node.Add(OwnModels.Node("ConstantOfShape", ["s"], ["c"]));
        graph.Node.Add(OwnModels.Node("MatMul", ["x", "x"], ["y"]));
        graph.Output.Add(OwnModels.Info("y", ElementType.Float));
        return OwnModels.Model(graph).ToByteArray();
    }

    // Everything wrong at once: the verifier must not list it all.
    private static byte[] Names(int count)
    {
        var graph = new GraphProto { Name = "names" };
        for (int index = 0; index < count; index++)
        {
            graph.Node.Add(OwnModels.Node("Rezhape", ["nothing"], [$"v{index}"]));
        }
        return OwnModels.Model(graph).ToByteArray();
    }

    private static byte[] Chain(int count)
    {
        var graph = new GraphProto { Name = "chain" };
        graph.Input.Add(OwnModels.Info("v0", ElementType.Float, 2, 2));
        for (int index = 0; index < count; index++)
        {
            graph.Node.Add(OwnModels.Node("Concat", [$"v{index}", $"v{index}"], [$"v{index + 1}"], new AttributeProto { Name = "axis", I = 0, Type = AttributeProto.Types.AttributeType.Int }));
        }
        return OwnModels.Model(graph).ToByteArray();
    }

    private static byte[] Circle(int count)
    {
        var graph = new GraphProto { Name = "circle" };
        for (int index = 0; index < count; index++)
        {
            graph.Node.Add(OwnModels.Node("Relu", [$"v{index}"], [$"v{(index + 1) % count}"]));
        }
        return OwnModels.Model(graph).ToByteArray();
    }

    private static byte[] Packed(int count)
    {
        var graph = new GraphProto { Name = "packed" };
        var tensor = new TensorProto { Name = "w", DataType = (int)ElementType.Int64 };
        tensor.Dims.Add(count);
        tensor.Int64Data.AddRange(new long[count]);
        graph.Initializer.Add(tensor);
        return OwnModels.Model(graph).ToByteArray();
    }

    private static byte[] Attributes(int count)
    {
        var graph = new GraphProto { Name = "attributes" };
        NodeProto node = OwnModels.Node("Relu", ["x"], ["y"]);
        for (int index = 0; index < count; index++)
        {
            node.Attribute.Add(new AttributeProto { Name = $"a{index}", I = 1, Type = AttributeProto.Types.AttributeType.Int });
        }
        graph.Node.Add(node);
        return OwnModels.Model(graph).ToByteArray();
    }

    private static byte[] Inputs(int count)
    {
        var graph = new GraphProto { Name = "inputs" };
        graph.Input.Add(OwnModels.Info("x", ElementType.Float, 2));
        graph.Node.Add(OwnModels.Node("Concat", [.. Enumerable.Repeat("x", count)], ["y"], new AttributeProto { Name = "axis", I = 0, Type = AttributeProto.Types.AttributeType.Int }));
        graph.Node.Add(OwnModels.Node("Sum", [.. Enumerable.Range(0, count).Select(index => $"nothing{index % 7}")], ["z"]));
        return OwnModels.Model(graph).ToByteArray();
    }

    private static byte[] Types(int levels)
    {
        byte[] type = [];
        for (int level = 0; level < levels; level++)
        {
            type = Wrap(Wrap(type, 1), 4);
        }
        return [0x08, 0x08, .. Wrap(Wrap([0x0a, 0x01, 0x78, .. Wrap(type, 2)], 11), 7)];
    }

    // Each node's size expression is twice as long as the one before.
    private static byte[] Doubling(int count)
    {
        var graph = new GraphProto { Name = "doubling" };
        ValueInfoProto x = OwnModels.Info("v0", ElementType.Float, 2);
        x.Type.TensorType.Shape.Dim[0].DimParam = "n";
        graph.Input.Add(x);
        for (int index = 0; index < count; index++)
        {
            graph.Node.Add(OwnModels.Node("Concat", [$"v{index}", $"v{index}", $"v{index / 2}"], [$"c{index}"], new AttributeProto { Name = "axis", I = 0, Type = AttributeProto.Types.AttributeType.Int }));
            graph.Node.Add(OwnModels.Node("MaxPool", [$"c{index}"], [$"v{index + 1}"], OwnModels.Ints("kernel_shape", 3), OwnModels.Ints("strides", 2)));
        }
        return OwnModels.Model(graph).ToByteArray();
    }

    // Each function calls the next one twice.
    private static byte[] Functions(int count)
    {
        var graph = new GraphProto { Name = "functions" };
        graph.Input.Add(OwnModels.Info("x", ElementType.Float, 2));
        NodeProto call = OwnModels.Node("f0", ["x"], ["y"]);
        call.Domain = "own";
        graph.Node.Add(call);
        ModelProto model = OwnModels.Model(graph);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        for (int index = 0; index < count; index++)
        {
            var function = new FunctionProto { Name = $"f{index}", Domain = "own" };
            function.Input.Add("a");
            function.Output.Add("b");
            function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
            function.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
            foreach ((string from, string to) in new[] { ("a", "t"), ("t", "b") })
            {
                NodeProto next = OwnModels.Node($"f{index + 1}", [from], [to]);
                next.Domain = "own";
                function.Node.Add(next);
            }
            model.Functions.Add(function);
        }
        return model.ToByteArray();
    }
}
