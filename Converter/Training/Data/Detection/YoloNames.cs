using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Edge.Training.Data;

/// <summary>The class names of a YOLO <c>data.yaml</c>: <c>names</c> is a list, or a map from number to name.</summary>
internal static class YoloNames
{
    /// <summary>Reads them.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">What messages call it.</param>
    /// <returns>Null where the file names no classes.</returns>
    /// <exception cref="DataException">It is no YAML, or the names are neither list nor map.</exception>
    public static IReadOnlyList<string>? Read(string text, string path)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new DataException($"{path}:{e.Start.Line}: is no YAML: {e.Message.Split('\n')[0]}", e);
        }
        if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root || !root.Children.TryGetValue("names", out YamlNode? names))
        {
            return null;
        }
        return names switch
        {
            YamlSequenceNode list => [.. list.Select(n => Text(n, path))],
            YamlMappingNode map => Numbered(map, path),
            _ => throw new DataException($"{path}:{names.Start.Line}: 'names' is neither a list nor a map from number to name"),
        };
    }

    private static string[] Numbered(YamlMappingNode map, string path)
    {
        var names = new SortedDictionary<int, string>();
        foreach ((YamlNode key, YamlNode value) in map)
        {
            if (!int.TryParse(Text(key, path), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                throw new DataException($"{path}:{key.Start.Line}: the class number '{key}' is none; number the names from 0");
            }
            names[number] = Text(value, path);
        }
        return names.Count == 0 || names.Keys.Last() == names.Count - 1
            ? [.. names.Values]
            : throw new DataException($"{path}:{map.Start.Line}: the class numbers have gaps; number the names from 0 to {names.Count - 1}");
    }

    private static string Text(YamlNode node, string path) =>
        node is YamlScalarNode { Value: { } text } ? text : throw new DataException($"{path}:{node.Start.Line}: a class name is no text");
}
