using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>What a detector found in one picture.</summary>
/// <param name="Path">The picture's file.</param>
/// <param name="Truth">What is in it.</param>
/// <param name="Found">What was found with the scores that the detector reports.</param>
/// <param name="Missed">True boxes that nothing was found for.</param>
/// <param name="Confused">Boxes of the wrong class.</param>
/// <param name="Extra">Boxes where nothing is.</param>
internal sealed record JudgedPicture(string Path, IReadOnlyList<TrueBox> Truth, IReadOnlyList<FoundBox> Found, long Missed, long Confused, long Extra)
{
    /// <summary>How much is wrong.</summary>
    internal long Mistakes => Missed + Confused + Extra;
}
