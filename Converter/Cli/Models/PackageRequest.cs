namespace Edge.Cli.Models;

/// <summary>How a package is to be called and signed.</summary>
internal sealed record PackageRequest
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required long Release { get; init; }

    /// <summary>The private key; null leaves the package unsigned.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Results on reference data, for devices to notice drift; null for none.</summary>
    public string? ReferencePath { get; init; }

    /// <summary>The file; null names it after name and version.</summary>
    public string? OutputPath { get; init; }
}
