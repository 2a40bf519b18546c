using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>
/// A graph as it lies in a file. Nodes, initializers and descriptions of values, of which there may be very many, are parsed
/// one by one each time they are asked for, so that the parser's objects, which are larger than the graph's own, do not pile up.
/// </summary>
/// <param name="Rest">Everything else; in a graph that was parsed as a whole, everything.</param>
/// <param name="Messages">The bytes of the graph; none for one that was parsed as a whole.</param>
internal sealed record GraphParts(GraphProto Rest, IReadOnlyList<ReadOnlyMemory<byte>> Messages)
{
    /// <summary>The nodes in order.</summary>
    internal IEnumerable<NodeProto> Nodes => Parts(GraphProto.NodeFieldNumber, NodeProto.Parser).Concat(Rest.Node);

    /// <summary>The initializers, each with the bytes in which its numbers still lie; without, where the message holds them.</summary>
    internal IEnumerable<(TensorProto Tensor, ReadOnlyMemory<byte> Bytes)> Initializers =>
        Contents(GraphProto.InitializerFieldNumber).Select(bytes => (TensorReader.ParseRest(bytes), bytes)).Concat(Rest.Initializer.Select(tensor => (tensor, ReadOnlyMemory<byte>.Empty)));

    /// <summary>What the file says about values.</summary>
    internal IEnumerable<ValueInfoProto> ValueInfos => Parts(GraphProto.ValueInfoFieldNumber, ValueInfoProto.Parser).Concat(Rest.ValueInfo);

    /// <summary>A graph that was parsed as a whole.</summary>
    internal static GraphParts Of(GraphProto proto) => new(proto, []);

    /// <summary>Parses a model but for what its graph lists.</summary>
    /// <param name="model">The bytes of a file.</param>
    /// <param name="rest">Gets everything of the model but its graph.</param>
    /// <returns>The graph; null where there is none.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are damaged.</exception>
    internal static GraphParts? Split(ReadOnlyMemory<byte> model, ModelProto rest)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        FieldCursor.MergeRest(model, rest, field =>
        {
            bool isGraph = field is { Number: ModelProto.GraphFieldNumber, Wire: WireFormat.WireType.LengthDelimited };
            if (isGraph)
            {
                messages.Add(field.Content);
            }
            return isGraph;
        });
        if (messages.Count == 0)
        {
            return rest.Graph is null ? null : Of(rest.Graph);
        }
        // Parts of one message: together they are the graph.
        var graph = new GraphProto();
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            FieldCursor.MergeRest(message, graph, field => IsPart(field.Number) && field.Wire == WireFormat.WireType.LengthDelimited);
        }
        if (rest.Graph is not null)
        {
            graph.MergeFrom(rest.Graph);
        }
        return new GraphParts(graph, messages);
    }

    /// <summary>Is a field of a graph parsed one by one?</summary>
    internal static bool IsPart(int number) => number is GraphProto.NodeFieldNumber or GraphProto.InitializerFieldNumber or GraphProto.ValueInfoFieldNumber;

    private IEnumerable<T> Parts<T>(int number, MessageParser<T> parser) where T : IMessage<T> => Contents(number).Select(bytes => parser.ParseFrom(bytes.Span));

    private IEnumerable<ReadOnlyMemory<byte>> Contents(int number)
    {
        foreach (ReadOnlyMemory<byte> message in Messages)
        {
            var cursor = new FieldCursor(message);
            while (cursor.MoveNext())
            {
                if (cursor.Number == number && cursor.Wire == WireFormat.WireType.LengthDelimited)
                {
                    yield return cursor.Content;
                }
            }
        }
    }
}
