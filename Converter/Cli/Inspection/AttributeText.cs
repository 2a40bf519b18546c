using System.Globalization;
using System.Text;
using Edge.Graph;

namespace Edge.Cli.Inspection;

/// <summary>Attributes and tensors in a few words.</summary>
internal static class AttributeText
{
    private const int FewItems = 24;
    private const int LongestText = 300;

    internal static string Of(NodeAttribute attribute) => Cut(attribute.Content switch
    {
        null => $"attribute '{attribute.Reference}' of the caller",
        float number => Number(number),
        long number => number.ToString(CultureInfo.InvariantCulture),
        byte[] text => Encoding.UTF8.GetString(text),
        float[] numbers => List(numbers, number => Number(number)),
        long[] numbers => List(numbers, number => number.ToString(CultureInfo.InvariantCulture)),
        byte[][] texts => List(texts, Encoding.UTF8.GetString),
        OnnxTensor tensor => Of(tensor),
        OnnxGraph graph => $"graph '{graph.Name}' of {graph.Nodes.Count} nodes",
        var other => other.ToString() ?? "",
    });

    /// <summary>The type, and the elements where they are few.</summary>
    internal static string Of(OnnxTensor tensor)
    {
        string[]? elements = tensor.Length > FewItems ? null : tensor.Type switch
        {
            ElementType.Float => Array.ConvertAll(tensor.ToArray<float>(), number => Number(number)),
            ElementType.Double => Array.ConvertAll(tensor.ToArray<double>(), number => Number(number)),
            ElementType.Int64 => Array.ConvertAll(tensor.ToArray<long>(), number => number.ToString(CultureInfo.InvariantCulture)),
            ElementType.Int32 => Array.ConvertAll(tensor.ToArray<int>(), number => number.ToString(CultureInfo.InvariantCulture)),
            ElementType.UInt8 => Array.ConvertAll(tensor.ToArray<byte>(), number => number.ToString(CultureInfo.InvariantCulture)),
            ElementType.Int8 => Array.ConvertAll(tensor.ToArray<sbyte>(), number => number.ToString(CultureInfo.InvariantCulture)),
            _ => null,
        };
        return elements is null ? tensor.ToString() : $"{tensor} = {(tensor.Dims.Length == 0 ? elements[0] : $"[{string.Join(", ", elements)}]")}";
    }

    internal static string Number(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private static string List<T>(T[] items, Func<T, string> text) =>
        $"[{string.Join(", ", items.Take(FewItems).Select(text))}{(items.Length > FewItems ? $", … {items.Length} in all" : "")}]";

    private static string Cut(string text) => text.Length > LongestText ? $"{text[..LongestText]}…" : text;
}
