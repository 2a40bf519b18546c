namespace Edge.Graph.Inference;

/// <summary>
/// How much inference may keep beside what every value needs: contents of small tensors, many axes, long expressions, reasons.
/// A file of a few bytes a node can ask for kilobytes at each.
/// </summary>
/// <param name="bytes">How many bytes there are.</param>
internal sealed class InferenceBudget(long bytes)
{
    /// <summary>Why something is not known where it ran out.</summary>
    internal const string Spent = "what there is to know of the model takes too much memory to follow";

    /// <summary>An element of a known content, with the size that it is.</summary>
    internal const int ElementBytes = 80;

    private const int AxisBytes = 24;
    // What the memory that MessageShape reckons with for a value holds.
    private const int FreeAxes = 4;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private long _left = bytes;

    /// <summary>Takes so many bytes; false where they are not left.</summary>
    internal bool Take(long needed)
    {
        if (needed > _left)
        {
            return false;
        }
        _left -= needed;
        return true;
    }

    /// <summary>Takes what a content needs.</summary>
    internal bool Take(TensorContent content)
    {
        long needed = (long)ElementBytes * content.Elements.Length;
        foreach (Quantity element in content.Elements)
        {
            needed += element is { IsKnown: true, Constant: null } ? TextBytes(element.Numerator!.Text) : 0;
        }
        return Take(needed);
    }

    /// <summary>Takes what a type needs beyond a few axes of fixed size.</summary>
    internal bool Take(OnnxType? type)
    {
        if (type is not TensorType { Shape: { } shape })
        {
            return true;
        }
        long needed = AxisBytes * (long)Math.Max(0, shape.Rank - FreeAxes);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            needed += shape[axis].Symbol is { } text ? TextBytes(text) : 0;
        }
        return Take(needed);
    }

    // Each expression is kept once, as text and parsed.
    private int TextBytes(string text) => _texts.Add(text) ? 200 + (14 * text.Length) : 0;
}
