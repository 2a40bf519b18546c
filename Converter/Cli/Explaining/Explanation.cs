using Edge.Judging.Explaining;

namespace Edge.Cli.Explaining;

/// <summary>Why a model says what it says about one sample.</summary>
internal sealed record Explanation
{
    /// <summary>The sample's number in its data set.</summary>
    public required int Index { get; init; }

    /// <summary>What it is called: its number, or the file that it came in.</summary>
    public required string Name { get; init; }

    /// <summary>What it is; null where nobody knows.</summary>
    public required string? Truth { get; init; }

    /// <summary>What the model takes it for.</summary>
    public required string Predicted { get; init; }

    /// <summary>How sure it is of that.</summary>
    public required double Probability { get; init; }

    /// <summary>The class that is explained.</summary>
    public required string Class { get; init; }

    /// <summary>For pictures: the picture, levels [C,H,W].</summary>
    public float[]? Levels { get; init; }

    /// <summary>For pictures: what each method says.</summary>
    public IReadOnlyList<PictureMap> Maps { get; init; } = [];

    /// <summary>For readings: how much each of them speaks for the class.</summary>
    public Attribution? Readings { get; init; }

    /// <summary>For texts: the tokens in the order of the text; empty for other samples.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>For texts: what the score loses without each token; null where that was not asked for.</summary>
    public IReadOnlyList<double>? Lost { get; init; }

    /// <summary>For texts: how much each token's vector speaks for the class; null where that was not asked for.</summary>
    public Attribution? Vectors { get; init; }
}
