using Edge.Graph.Analysis;

namespace Edge.Cli.Inspection;

/// <summary>A guess, as reports write it.</summary>
internal sealed record Meaning(string? About, string Kind, string Text, string Certainty, string Reason)
{
    internal static Meaning Of(Guess guess) => new(guess.About, guess.Kind, guess.Meaning, guess.Certainty.ToString().ToLowerInvariant(), guess.Reason);

    public override string ToString() => $"{Text} ({Certainty}: {Reason})";
}
