using Edge.Graph;
using Edge.Graph.Protobuf;
using Edge.Graph.Serialization;
using Google.Protobuf;

namespace Edge.Fuzz;

/// <summary>Files that consist of one tiny thing, very many times over: what takes the most memory for each byte.</summary>
public static class Crowds
{
    private const int Sample = 1_000;
    private const int LargestBytes = 30 << 20;

    private static readonly Dictionary<string, Func<int, ModelProto>> Makers = new(StringComparer.Ordinal)
    {
        ["nodes that read one input"] = count => Nodes(count, index => new NodeProto { OpType = "Neg", Input = { "x" }, Output = { Name(index) } }),
        ["nodes in a chain"] = count => Nodes(count, index => new NodeProto { OpType = "Neg", Input = { index == 0 ? "x" : Name(index - 1) }, Output = { Name(index) } }),
        ["nodes of which nothing is known"] = count => Nodes(count, index => new NodeProto { OpType = "Q", Input = { index == 0 ? "x" : Name(index - 1) }, Output = { Name(index) } }),
        ["nodes with many outputs"] = count => Nodes(1, _ => new NodeProto { OpType = "Split", Input = { "x" }, Output = { Enumerable.Range(0, count).Select(Name) } }),
        ["nodes with an attribute"] = count => Nodes(count, index => new NodeProto { OpType = "Elu", Input = { "x" }, Output = { Name(index) }, Attribute = { new AttributeProto { Name = "alpha", F = 1, Type = AttributeProto.Types.AttributeType.Float } } }),
        ["nodes with large contents"] = count => Nodes(count, index => new NodeProto { OpType = "ConstantOfShape", Input = { "s" }, Output = { Name(index) } }),
        ["nodes with many axes"] = count => Nodes(count, index => new NodeProto { OpType = "Neg", Input = { index == 0 ? "deep" : Name(index - 1) }, Output = { Name(index) } }),
        ["nodes in a function"] = Function,
        ["nodes in a subgraph"] = Subgraph,
        ["scalars"] = count => Graph(graph => graph.Initializer.Add(Enumerable.Range(0, count).Select(index => new TensorProto { Name = Name(index), DataType = 3, RawData = ByteString.CopyFrom(1) }))),
        ["descriptions of values"] = count => Graph(graph => graph.ValueInfo.Add(Enumerable.Range(0, count).Select(_ => OwnModels.Info("x", ElementType.Float, 1, 2, 3)))),
        ["inputs"] = count => Graph(graph => graph.Input.Add(Enumerable.Range(0, count).Select(index => OwnModels.Info(Name(index), ElementType.Float, 1)))),
        ["one-byte numbers of 64 bits"] = count => Graph(graph => graph.Initializer.Add(new TensorProto { Name = "w", DataType = 7, Dims = { count }, Int64Data = { Enumerable.Repeat(1L, count) } })),
        ["one-byte numbers of 8 bits"] = count => Graph(graph => graph.Initializer.Add(new TensorProto { Name = "w", DataType = 3, Dims = { count }, Int32Data = { Enumerable.Repeat(1, count) } })),
        ["one-byte numbers in an attribute"] = count => Nodes(1, _ => new NodeProto { OpType = "Constant", Output = { "c" }, Attribute = { new AttributeProto { Name = "value_ints", Ints = { Enumerable.Repeat(1L, count) }, Type = AttributeProto.Types.AttributeType.Ints } } }),
        ["one-byte numbers in a node's tensor"] = count => Nodes(1, _ => new NodeProto { OpType = "Constant", Output = { "c" }, Attribute = { new AttributeProto { Name = "value", T = new TensorProto { DataType = 7, Dims = { count }, Int64Data = { Enumerable.Repeat(1L, count) } }, Type = AttributeProto.Types.AttributeType.Tensor } } }),
    };

    /// <summary>What there can be many of.</summary>
    public static IReadOnlyCollection<string> Kinds => Makers.Keys;

    /// <summary>Makes a file.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="padding">Bytes of plain weights beside them, which let more of them in.</param>
    public static byte[] Make(string kind, int count, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ModelProto model = Makers[kind](count);
        if (padding > 0)
        {
            model.Graph.Initializer.Add(new TensorProto { Name = "padding", DataType = 2, Dims = { padding }, RawData = UnsafeByteOperations.UnsafeWrap(new byte[padding]) });
        }
        return model.ToByteArray();
    }

    /// <summary>Makes a file of about so many bytes.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="bytes">Its size.</param>
    public static byte[] OfSize(string kind, int bytes) => Make(kind, (int)(bytes / BytesOfOne(kind)));

    /// <summary>Makes the largest file of a kind that is let in, to within a hundredth; of 30 MB and the padding at most.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="padding">Bytes of plain weights beside them.</param>
    public static byte[] Largest(string kind, int padding = 0)
    {
        double few = Left(Make(kind, Sample, padding));
        double lostByOne = (few - Left(Make(kind, 2 * Sample, padding))) / Sample;
        double most = LargestBytes / BytesOfOne(kind);
        int count = (int)(lostByOne <= 0 ? most : Math.Min(most, Sample + (few / lostByOne)));
        byte[] bytes = Make(kind, count, padding);
        // Names grow longer.
        while (Left(bytes) < 0)
        {
            count -= count / 100;
            bytes = Make(kind, count, padding);
        }
        return bytes;
    }

    // What is left of the price that a file may have.
    private static long Left(byte[] bytes) => MessageScan.Allowed(bytes.Length) - MessageScan.Price(bytes);

    private static double BytesOfOne(string kind) => (Make(kind, 2 * Sample).Length - Make(kind, Sample).Length) / (double)Sample;

    // As short as names that differ can be.
    private static string Name(int index)
    {
        Span<char> letters = stackalloc char[8];
        int length = 0;
        do
        {
            letters[length++] = (char)('A' + (index % 32));
            index /= 32;
        }
        while (index > 0);
        return new string(letters[..length]);
    }

    private static ModelProto Nodes(int count, Func<int, NodeProto> make) => Graph(graph => graph.Node.Add(Enumerable.Range(0, count).Select(make)));

    private static ModelProto Graph(Action<GraphProto> fill)
    {
        var graph = new GraphProto { Name = "crowd" };
        graph.Input.Add(OwnModels.Info("x", ElementType.Float, 4, 4));
        graph.Input.Add(OwnModels.Info("deep", ElementType.Float, [.. Enumerable.Repeat(1L, 64)]));
        graph.Initializer.Add(new TensorProto { Name = "s", DataType = (int)ElementType.Int64, Dims = { 1 }, Int64Data = { 4096 } });
        fill(graph);
        return OwnModels.Model(graph);
    }

    private static ModelProto Function(int count)
    {
        ModelProto model = Graph(graph => graph.Node.Add(new NodeProto { OpType = "f", Domain = "own", Input = { "x" }, Output = { "y" } }));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        var function = new FunctionProto { Name = "f", Domain = "own", Input = { "x" }, Output = { Name(0) }, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } } };
        function.Node.Add(Enumerable.Range(0, count).Select(index => new NodeProto { OpType = "Neg", Input = { "x" }, Output = { Name(index) } }));
        model.Functions.Add(function);
        return model;
    }

    private static ModelProto Subgraph(int count)
    {
        static GraphProto Branch(int count)
        {
            var branch = new GraphProto { Name = "branch", Output = { OwnModels.Info(Name(0), ElementType.Float, 4, 4) } };
            branch.Node.Add(Enumerable.Range(0, count).Select(index => new NodeProto { OpType = "Neg", Input = { "x" }, Output = { Name(index) } }));
            return branch;
        }
        return Graph(graph =>
        {
            graph.Input.Add(OwnModels.Info("flag", ElementType.Bool));
            graph.Node.Add(OwnModels.Node("If", ["flag"], ["y"],
                new AttributeProto { Name = "then_branch", G = Branch(count), Type = AttributeProto.Types.AttributeType.Graph },
                new AttributeProto { Name = "else_branch", G = Branch(1), Type = AttributeProto.Types.AttributeType.Graph }));
        });
    }
}
