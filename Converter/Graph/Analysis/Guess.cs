namespace Edge.Graph.Analysis;

/// <summary>What something in a model probably is.</summary>
/// <param name="About">An input's or output's name; null for the model as a whole.</param>
/// <param name="Kind">One word for programs: <c>image</c>, <c>state</c>, <c>tokens</c>, <c>classifier</c>, <c>detector</c>, <c>recurrent</c>…</param>
/// <param name="Meaning">What it is, in words.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="Reason">What speaks for it.</param>
public sealed record Guess(string? About, string Kind, string Meaning, Certainty Certainty, string Reason)
{
    /// <summary>Of a whole detector: the name under which packages and the runtime know how its outputs are read; null where there is none.</summary>
    public string? Family { get; init; }

    /// <summary><c>image, 416×416, 3 channels, NCHW (certain: Conv node 'c' reads it)</c>.</summary>
    public override string ToString() => $"{Meaning} ({Certainty.ToString().ToLowerInvariant()}: {Reason})";
}
