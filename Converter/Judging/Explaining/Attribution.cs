namespace Edge.Judging.Explaining;

/// <summary>How much each value of an input contributes to a score, compared with an input that says nothing.</summary>
/// <param name="Values">One a value of the input; positive speaks for the class.</param>
/// <param name="Score">The score of the input.</param>
/// <param name="BaselineScore">The score of the input that says nothing.</param>
public sealed record Attribution(float[] Values, double Score, double BaselineScore)
{
    /// <summary>
    /// How far the sum of the attributions is from the difference of the scores, which it should be (the completeness axiom):
    /// more steps bring it nearer to 0.
    /// </summary>
    public double Gap => Score - BaselineScore - Values.Sum(value => (double)value);
}
