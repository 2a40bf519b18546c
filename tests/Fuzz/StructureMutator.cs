using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Fuzz;

/// <summary>Breaks a model where its meaning lies: names, sizes, kinds, operators, nesting.</summary>
internal static class StructureMutator
{
    private static readonly long[] Sizes = [0, -1, 1, 2, 7, 65_537, int.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue];

    internal static byte[] Mutate(byte[] source, Random random)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(source);
        }
        catch (InvalidProtocolBufferException)
        {
            return source;
        }
        for (int rounds = 1 + random.Next(3); rounds > 0; rounds--)
        {
            Break(model, random);
        }
        return model.ToByteArray();
    }

    private static T? Pick<T>(IList<T> items, Random random) where T : class => items.Count == 0 ? null : items[random.Next(items.Count)];

    private static void Break(ModelProto model, Random random)
    {
        GraphProto graph = model.Graph;
        NodeProto? node = Pick(graph.Node, random);
        TensorProto? tensor = Pick(graph.Initializer, random);
        ValueInfoProto? info = Pick(random.Next(2) == 0 ? graph.Input : graph.Output, random);
        AttributeProto? attribute = node is null ? null : Pick(node.Attribute, random);
        switch (random.Next(18))
        {
            case 0 when node is { Input.Count: > 0, Output.Count: > 0 }:
                // A node that reads itself, or one behind it.
                node.Input[random.Next(node.Input.Count)] = Pick(graph.Node, random)!.Output.LastOrDefault() ?? "";
                break;
            case 1 when node is { Output.Count: > 0 }:
                node.Output[0] = Pick(graph.Node, random)!.Output.FirstOrDefault() ?? "x";
                break;
            case 2 when tensor is { Dims.Count: > 0 }:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Sizes[random.Next(Sizes.Length)];
                break;
            case 3 when tensor is not null:
                tensor.Dims.Add(Sizes[random.Next(Sizes.Length)]);
                break;
            case 4 when tensor is not null:
                tensor.DataType = random.Next(30);
                break;
            case 5 when info?.Type?.TensorType?.Shape is { Dim.Count: > 0 } shape:
                shape.Dim[random.Next(shape.Dim.Count)].DimValue = Sizes[random.Next(Sizes.Length)];
                break;
            case 6 when info?.Type?.TensorType?.Shape is { } shape:
                shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = random.Next(2) == 0 ? "n" : "(((2*n+-1)/0" });
                break;
            case 7 when info?.Type?.TensorType is { } type:
                type.ElemType = random.Next(-1, 30);
                break;
            case 8 when attribute is not null:
                attribute.Type = (AttributeProto.Types.AttributeType)random.Next(16);
                break;
            case 9 when attribute is { Ints.Count: > 0 }:
                attribute.Ints[random.Next(attribute.Ints.Count)] = Sizes[random.Next(Sizes.Length)];
                break;
            case 10 when attribute is not null:
                attribute.I = Sizes[random.Next(Sizes.Length)];
                break;
            case 11 when node is not null:
                node.OpType = Pick(OperatorNames, random)!;
                break;
            case 12 when node is not null:
                graph.Node.Insert(random.Next(graph.Node.Count), node.Clone());
                break;
            case 13 when node is not null:
                graph.Node.Remove(node);
                break;
            case 14 when node is { Input.Count: > 0 }:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 15 when node is not null:
                node.Input.Add(random.Next(2) == 0 ? "" : Pick(graph.Node, random)!.Output.FirstOrDefault() ?? "");
                break;
            case 16 when node is not null:
                node.Attribute.Add(new AttributeProto { Name = "then_branch", G = graph.Clone(), Type = AttributeProto.Types.AttributeType.Graph });
                break;
            case 17 when model.OpsetImport.Count > 0:
                model.OpsetImport[0].Version = random.Next(-1, 30);
                break;
            default:
                break;
        }
    }

    private static readonly string[] OperatorNames =
    [
        "Reshape", "Slice", "Loop", "If", "Scan", "Concat", "Split", "Pad", "Tile", "Expand", "Range", "ConstantOfShape", "Gather", "Resize", "Conv", "ConvTranspose",
        "MaxPool", "Einsum", "MatMul", "OneHot", "NonZero", "SequenceAt", "SplitToSequence", "SequenceMap", "Optional", "LSTM", "Attention", "Constant", "DFT", "Unsqueeze", "TopK",
    ];
}
