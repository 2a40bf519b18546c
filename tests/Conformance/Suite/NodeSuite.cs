using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;

namespace Edge.Conformance.Suite;

/// <summary>Reads the archive of the ONNX node suite.</summary>
public static class NodeSuite
{
    /// <summary>Every case, by name.</summary>
    /// <param name="sharedFolder">The folder that holds <c>suites</c>.</param>
    public static IReadOnlyList<NodeCase> Read(string sharedFolder)
    {
        var models = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var files = new Dictionary<(string Case, string Side), Dictionary<int, byte[]>>();
        using var tar = new TarReader(new GZipStream(File.OpenRead(Path.Combine(sharedFolder, "suites", "onnx-node-pass.tar.gz")), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            string[] parts = entry.Name.Split('/');
            if (entry.DataStream is null || parts.Length < 3)
            {
                continue;
            }
            byte[] bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            string[] words = Path.GetFileNameWithoutExtension(parts[^1]).Split('_');
            if (parts[^1] == "model.onnx")
            {
                models[parts[1]] = bytes;
            }
            else if (words is ["input" or "output", var number])
            {
                if (!files.TryGetValue((parts[1], words[0]), out Dictionary<int, byte[]>? list))
                {
                    files[(parts[1], words[0])] = list = [];
                }
                list[int.Parse(number, CultureInfo.InvariantCulture)] = bytes;
            }
        }
        return [.. models.Select(pair => new NodeCase(pair.Key, pair.Value, files.GetValueOrDefault((pair.Key, "input")) ?? [], files.GetValueOrDefault((pair.Key, "output")) ?? []))];
    }
}
