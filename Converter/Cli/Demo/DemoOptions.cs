namespace Edge.Cli.Demo;

/// <summary>What the demo does.</summary>
internal sealed record DemoOptions
{
    /// <summary>Where everything goes; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Training stops after about this long, even if epochs are left.</summary>
    public required TimeSpan TrainingTime { get; init; }

    /// <summary>How many test pictures the runtime gets.</summary>
    public required int Pictures { get; init; }

    /// <summary>Of the training's random numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The native runtime.</summary>
    public required string RuntimePath { get; init; }
}
