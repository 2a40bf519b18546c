namespace Edge.Cli.Demo.Detector;

/// <summary>What the detector's demo is to do.</summary>
internal sealed record DetectDemoOptions
{
    /// <summary>Where everything goes.</summary>
    public required string Folder { get; init; }

    /// <summary>How the detector is trained.</summary>
    public required string RecipePath { get; init; }

    /// <summary>How the layers that see are trained before it.</summary>
    public required string BackboneRecipePath { get; init; }

    public required string RuntimePath { get; init; }

    /// <summary>Keys that stand in for the recipe's own.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Pictures to train with.</summary>
    public int Scenes { get; init; } = 2000;

    /// <summary>Pictures to judge with.</summary>
    public int Held { get; init; } = 500;

    /// <summary>Pictures of single items for the backbone.</summary>
    public required int Singles { get; init; }

    public ulong Seed { get; init; } = 1;
}
