namespace Edge.Graph.Serialization;

/// <summary>What a file takes in memory, as far as it was read.</summary>
/// <param name="limit">Beyond that, nobody wants to know.</param>
internal sealed class MessagePrice(long limit)
{
    private long _largestPart;

    /// <summary>Bytes that the model keeps, and inference beside it.</summary>
    internal long Kept { get; set; }

    /// <summary>Bytes of the parser's objects.</summary>
    internal long Parsed { get; set; }

    /// <summary>All bytes that are taken at one moment.</summary>
    internal long Total => Kept + Parsed + _largestPart;

    /// <summary>Is it more than the limit?</summary>
    internal bool IsTooHigh => Total > limit;

    /// <summary>Forgets the parser's objects of a part that is parsed by itself; only one of them is there at a time.</summary>
    /// <param name="before">What <see cref="Parsed"/> was before the part.</param>
    internal void EndPart(long before)
    {
        _largestPart = Math.Max(_largestPart, Parsed - before);
        Parsed = before;
    }
}
