using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.UpdateReported"/>, retained: what a device runs, and how far it is.</summary>
public sealed record ReportedState
{
    /// <summary>The most bytes of a message.</summary>
    public const int MaximumBytes = 64 << 10;

    private const int MaximumPackages = 64;

    /// <summary>When the device wrote this, by its own clock, which may be wrong.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the device calls its present run: any text that another run does not have; null where it says none.</summary>
    public string? Boot { get; init; }

    /// <summary>Greater than that of every report before it in the same run: reports may overtake each other on their way.</summary>
    public long Sequence { get; set; }

    /// <summary>The counter of the newest desired state that it has accepted; 0 where it has none.</summary>
    public required long Counter { get; init; }

    /// <summary>The version of its keys; 0 where they are those of its configuration.</summary>
    public long TrustVersion { get; set; }

    /// <summary>The version of the runtime.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>Why the last message was refused, in plain words; null where it was not.</summary>
    public string? Refused { get; init; }

    /// <summary>Its packages.</summary>
    public required IReadOnlyList<PackageReport> Packages { get; init; }

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no reported state.</exception>
    public static ReportedState Parse(ReadOnlySpan<byte> utf8)
    {
        Rule.That(utf8.Length <= MaximumBytes, "reported", $"{utf8.Length} bytes are more than a message may have ({MaximumBytes})");
        ReportedState state = ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.ReportedState, "reported");
        Rule.That(state.Packages.Count <= MaximumPackages, "reported: packages", $"must be {MaximumPackages} at most");
        foreach (PackageReport? package in state.Packages)
        {
            Rule.That(package is not null, "reported: packages", "must not hold null");
            Rule.Text(package!.Name, "reported: packages: name", 64);
        }
        return state;
    }

    /// <summary>The message as JSON in UTF-8.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.ReportedState);
}
