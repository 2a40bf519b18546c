using Edge.Cli.Evaluation;

namespace Edge.Cli.Explaining;

/// <summary>Explanations of a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Feed">The samples.</param>
/// <param name="Layer">The feature map that Grad-CAM looked at; null where it did not.</param>
/// <param name="Explanations">One a sample.</param>
/// <param name="Notes">What was left out and why, a line each.</param>
internal sealed record ExplainResult(JudgedModel Model, SampleFeed Feed, string? Layer, IReadOnlyList<Explanation> Explanations, IReadOnlyList<string> Notes)
{
    /// <summary>The names of the columns of readings; empty where nobody knows them.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whether the samples were given one by one, and have names.</summary>
    public bool IsGiven { get; init; }
}
