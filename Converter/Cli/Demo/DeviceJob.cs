namespace Edge.Cli.Demo;

/// <summary>What the runtime is to do.</summary>
internal sealed record DeviceJob
{
    /// <summary>The device's name in topics, and of the files about the run.</summary>
    public required string Name { get; init; }

    /// <summary>Where configuration and statistics go.</summary>
    public required string Folder { get; init; }

    public required string RuntimePath { get; init; }

    public required string Package { get; init; }

    public required string PublicKey { get; init; }

    /// <summary>The folder that plays the camera.</summary>
    public required string Pictures { get; init; }

    /// <summary>The broker's port.</summary>
    public required int Port { get; init; }
}
