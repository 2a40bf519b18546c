using Edge.Graph.Analysis;

namespace Edge.Cli.Inspection;

/// <summary>What a profile says about a model as a whole.</summary>
internal sealed record ProfileFacts
{
    public required int Runs { get; init; }

    public required double MillisecondsPerRun { get; init; }

    /// <summary>Operators that the engine put in itself, such as changes of layout.</summary>
    public required IReadOnlyList<AddedOperator> Added { get; init; }

    internal sealed record AddedOperator(string Operator, double Milliseconds, double TimeShare);

    internal static ProfileFacts Of(EngineProfile profile) => new()
    {
        Runs = profile.Runs,
        MillisecondsPerRun = profile.Milliseconds,
        Added = [.. profile.Added.Select(pair => new AddedOperator(pair.Key, pair.Value.Milliseconds, pair.Value.Share))],
    };
}
