namespace Edge.Judging;

/// <summary>A value inside a graph and what it does to a score.</summary>
/// <param name="Shape">Its sizes, the batch in front.</param>
/// <param name="Values">Its content in C order.</param>
/// <param name="Gradients">How much the score changes with each element.</param>
public sealed record LayerGradient(long[] Shape, float[] Values, float[] Gradients);
