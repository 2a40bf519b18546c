using Edge.Judging.Explaining;

namespace Edge.Cli.Explaining;

/// <summary>Why a model says what it says about one sample.</summary>
internal sealed record Explanation
{
    /// <summary>The sample's number in its data set.</summary>
    public required int Index { get; init; }

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

    /// <summary>For texts: what is lost without each token, in the order of the text.</summary>
    public IReadOnlyList<(string Token, double Weight)> Tokens { get; init; } = [];
}
