namespace Edge.Training.Metrics;

/// <summary>How well one class, or the mean of several, is told from the rest; all shares from 0 to 1.</summary>
/// <param name="Precision">Of what was taken for the class, the share that is; 0 where nothing was.</param>
/// <param name="Recall">Of what is of the class, the share that was taken for it; 0 where nothing is.</param>
/// <param name="F1">The harmonic mean of both; 0 where both are.</param>
/// <param name="Support">How many samples are of the class.</param>
public sealed record ClassScores(double Precision, double Recall, double F1, long Support)
{
    /// <summary>Works the shares out from counts.</summary>
    /// <param name="right">Of the class, and taken for it.</param>
    /// <param name="taken">Taken for the class.</param>
    /// <param name="support">Of the class.</param>
    internal static ClassScores Of(long right, long taken, long support) => new(
        taken == 0 ? 0 : (double)right / taken,
        support == 0 ? 0 : (double)right / support,
        taken + support == 0 ? 0 : 2.0 * right / (taken + support),
        support);
}
