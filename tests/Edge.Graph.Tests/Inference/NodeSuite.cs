using System.Formats.Tar;
using System.IO.Compression;
using Edge.Graph.Protobuf;
using Edge.Testing;

namespace Edge.Graph.Tests.Inference;

/// <summary>One case of the ONNX node suite: a model, what goes in and what comes out.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Model">The bytes of model.onnx.</param>
/// <param name="Inputs">The inputs by position; null for one that is no tensor.</param>
/// <param name="Outputs">The outputs by position; null for one that is no tensor.</param>
internal sealed record SuiteCase(string Name, byte[] Model, IReadOnlyDictionary<int, byte[]> Inputs, IReadOnlyDictionary<int, byte[]> Outputs)
{
    internal OnnxModel Load() => OnnxModel.Parse(Model, Name);

    internal static TensorProto Tensor(byte[] bytes) => TensorProto.Parser.ParseFrom(bytes);
}

/// <summary>Reads the suite's archive.</summary>
internal static class NodeSuite
{
    internal static IReadOnlyList<SuiteCase> Read()
    {
        string path = SharedData.Path("suites", "onnx-node-pass.tar.gz");
        var models = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var inputs = new Dictionary<string, Dictionary<int, byte[]>>();
        var outputs = new Dictionary<string, Dictionary<int, byte[]>>();
        using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            string[] parts = entry.Name.Split('/');
            if (entry.DataStream is null || parts.Length < 3)
            {
                continue;
            }
            byte[] bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            string file = parts[^1];
            if (file == "model.onnx")
            {
                models[parts[1]] = bytes;
                continue;
            }
            Dictionary<string, Dictionary<int, byte[]>> side = file.StartsWith("input_", StringComparison.Ordinal) ? inputs : outputs;
            if (!side.TryGetValue(parts[1], out Dictionary<int, byte[]>? list))
            {
                side.Add(parts[1], list = []);
            }
            list[int.Parse(Path.GetFileNameWithoutExtension(file).Split('_')[^1], System.Globalization.CultureInfo.InvariantCulture)] = bytes;
        }
        return [.. models.Select(pair => new SuiteCase(pair.Key, pair.Value, inputs.GetValueOrDefault(pair.Key) ?? [], outputs.GetValueOrDefault(pair.Key) ?? []))];
    }
}
