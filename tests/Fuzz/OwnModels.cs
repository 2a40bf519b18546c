using Edge.Graph;
using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Fuzz;

/// <summary>Models that use every part of the file format.</summary>
internal static class OwnModels
{
    internal static IEnumerable<byte[]> All()
    {
        yield return Layers().ToByteArray();
        yield return Branches().ToByteArray();
        yield return Everything().ToByteArray();
    }

    internal static ModelProto Model(GraphProto graph)
    {
        var model = new ModelProto { IrVersion = 10, ProducerName = "edge-fuzz", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        return model;
    }

    internal static ValueInfoProto Info(string name, ElementType type, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    internal static NodeProto Node(string op, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = op + "_" + outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    internal static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    internal static TensorProto Floats(string name, params long[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Float };
        tensor.Dims.AddRange(dims);
        tensor.FloatData.AddRange(Enumerable.Range(0, (int)dims.Aggregate(1L, (product, dim) => product * dim)).Select(index => index * 0.25f));
        return tensor;
    }

    private static ModelProto Layers()
    {
        var graph = new GraphProto { Name = "layers" };
        graph.Input.Add(Info("x", ElementType.Float, 1, 3, 16, 16));
        graph.Initializer.Add(Floats("w", 4, 3, 3, 3));
        graph.Initializer.Add(Floats("b", 4));
        graph.Node.Add(Node("Conv", ["x", "w", "b"], ["c"], Ints("kernel_shape", 3, 3), Ints("pads", 1, 1, 1, 1), Ints("strides", 2, 2)));
        graph.Node.Add(Node("Relu", ["c"], ["r"]));
        graph.Node.Add(Node("MaxPool", ["r"], ["p"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)));
        graph.Node.Add(Node("Shape", ["p"], ["s"]));
        graph.Node.Add(Node("Reshape", ["p", "s"], ["q"]));
        graph.Node.Add(Node("Concat", ["q", "p"], ["y"], new AttributeProto { Name = "axis", I = 1, Type = AttributeProto.Types.AttributeType.Int }));
        graph.Output.Add(Info("y", ElementType.Float, 1, 8, 4, 4));
        return Model(graph);
    }

    private static ModelProto Branches()
    {
        static GraphProto Branch(string name, string op)
        {
            var branch = new GraphProto { Name = name };
            branch.Node.Add(Node(op, ["x"], [name + "_y"]));
            branch.Output.Add(Info(name + "_y", ElementType.Float, 2));
            return branch;
        }
        var body = new GraphProto { Name = "body" };
        body.Input.Add(Info("i", ElementType.Int64));
        body.Input.Add(Info("go", ElementType.Bool));
        body.Input.Add(Info("state", ElementType.Float, 2));
        body.Node.Add(Node("Identity", ["go"], ["go_on"]));
        body.Node.Add(Node("Add", ["state", "x"], ["next"]));
        body.Node.Add(Node("Identity", ["next"], ["scan"]));
        body.Output.Add(Info("go_on", ElementType.Bool));
        body.Output.Add(Info("next", ElementType.Float, 2));
        body.Output.Add(Info("scan", ElementType.Float, 2));
        var graph = new GraphProto { Name = "branches" };
        graph.Input.Add(Info("x", ElementType.Float, 2));
        graph.Input.Add(Info("flag", ElementType.Bool));
        graph.Input.Add(Info("count", ElementType.Int64));
        graph.Node.Add(Node("If", ["flag"], ["chosen"],
            new AttributeProto { Name = "then_branch", G = Branch("then", "Relu"), Type = AttributeProto.Types.AttributeType.Graph },
            new AttributeProto { Name = "else_branch", G = Branch("else", "Neg"), Type = AttributeProto.Types.AttributeType.Graph }));
        graph.Node.Add(Node("Loop", ["count", "flag", "chosen"], ["y", "all"], new AttributeProto { Name = "body", G = body, Type = AttributeProto.Types.AttributeType.Graph }));
        graph.Output.Add(Info("y", ElementType.Float, 2));
        graph.Output.Add(Info("all", ElementType.Float, 5, 2));
        return Model(graph);
    }

    private static ModelProto Everything()
    {
        var graph = new GraphProto { Name = "everything", DocString = "doc" };
        graph.Input.Add(Info("x", ElementType.Float, 4, 4));
        var sparse = new SparseTensorProto { Values = Floats("sparse", 2), Indices = new TensorProto { DataType = (int)ElementType.Int64 } };
        sparse.Indices.Dims.Add(2);
        sparse.Indices.Int64Data.AddRange([1L, 14L]);
        sparse.Dims.AddRange([4L, 4L]);
        graph.SparseInitializer.Add(sparse);
        var words = new TensorProto { Name = "words", DataType = (int)ElementType.String };
        words.Dims.Add(2);
        words.StringData.AddRange([ByteString.CopyFromUtf8("a"), ByteString.CopyFromUtf8("é")]);
        graph.Initializer.Add(words);
        graph.Node.Add(Node("Add", ["x", "sparse"], ["sum"]));
        NodeProto call = Node("Twice", ["sum"], ["y"], new AttributeProto { Name = "alpha", F = 2, Type = AttributeProto.Types.AttributeType.Float });
        call.Domain = "own";
        call.MetadataProps.Add(new StringStringEntryProto { Key = "k", Value = "v" });
        graph.Node.Add(call);
        graph.Output.Add(Info("y", ElementType.Float, 4, 4));
        var annotation = new TensorAnnotation { TensorName = "sum" };
        annotation.QuantParameterTensorNames.Add(new StringStringEntryProto { Key = "SCALE_TENSOR", Value = "x" });
        graph.QuantizationAnnotation.Add(annotation);
        var function = new FunctionProto { Name = "Twice", Domain = "own" };
        function.Input.Add("a");
        function.Output.Add("b");
        function.Attribute.Add("alpha");
        function.Node.Add(Node("LeakyRelu", ["a"], ["t"], new AttributeProto { Name = "alpha", RefAttrName = "alpha", Type = AttributeProto.Types.AttributeType.Float }));
        function.Node.Add(Node("Add", ["t", "t"], ["b"]));
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        ModelProto model = Model(graph);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Functions.Add(function);
        model.MetadataProps.Add(new StringStringEntryProto { Key = "note", Value = "text" });
        model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = new GraphProto { Name = "step" } });
        return model;
    }
}
