using Edge.Graph.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>The files that a model lies in.</summary>
public static class ModelFiles
{
    /// <summary>Bytes of a model file and of the data files that it names beside itself, each counted once.</summary>
    /// <param name="path">A model that can be loaded.</param>
    /// <exception cref="ModelFormatException">It is no model.</exception>
    public static long Bytes(string path)
    {
        string full = Path.GetFullPath(path);
        byte[] bytes = File.ReadAllBytes(full);
        GraphParts graph = GraphParts.Split(bytes, new ModelProto()) ?? throw new ModelFormatException($"{path}: holds no graph; give a file that an exporter wrote as .onnx");
        return bytes.LongLength + graph.Initializers.Select(item => item.Tensor).Concat(Tensors(graph.Nodes))
            .Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External)
            .Select(tensor => tensor.ExternalData.FirstOrDefault(pair => pair.Key == "location")?.Value ?? "")
            .Distinct()
            .Select(location => new FileInfo(Path.Combine(Path.GetDirectoryName(full)!, location)))
            .Where(file => file.Exists)
            .Sum(file => file.Length);
    }

    private static IEnumerable<TensorProto> Tensors(IEnumerable<NodeProto> nodes) => nodes.SelectMany(node => node.Attribute).SelectMany(attribute =>
        (attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G)).SelectMany(graph => graph.Initializer.Concat(Tensors(graph.Node)))
        .Concat(attribute.T is null ? attribute.Tensors : attribute.Tensors.Prepend(attribute.T)));
}
