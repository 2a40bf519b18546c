using Edge.Cli.Evaluation;

namespace Edge.Cli.Attacking;

/// <summary>What became of a model under attack.</summary>
/// <param name="Model">The model.</param>
/// <param name="Feed">The samples.</param>
/// <param name="Samples">How many there were.</param>
/// <param name="Clean">The share that is right when nobody attacks.</param>
/// <param name="Adversarial">By gradient attack, over ε.</param>
/// <param name="Corrupted">By corruption, over the strengths 1 to 5.</param>
/// <param name="Examples">Pictures for the page.</param>
internal sealed record AttackResult(
    JudgedModel Model, SampleFeed Feed, int Samples, double Clean, IReadOnlyList<AttackCurve> Adversarial, IReadOnlyList<AttackCurve> Corrupted, IReadOnlyList<AttackSample> Examples)
{
    /// <summary>The mean accuracy over all corruptions and strengths.</summary>
    internal double? MeanCorrupted => Corrupted.Count == 0 ? null : Corrupted.SelectMany(curve => curve.Points).Average(point => point.Accuracy);
}
