using Edge.Fleet.Protocol;

namespace Edge.Fleet.Registry;

/// <summary>What a fleet knows about a device.</summary>
public sealed class Device
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What an operator says of it.</summary>
    public Dictionary<string, string> Tags { get; set; } = [];

    /// <summary>True keeps it out of every rollout.</summary>
    public bool IsExcluded { get; set; }

    /// <summary>Packages that are to stay at a release: name to manifest.</summary>
    public Dictionary<string, string> Pins { get; set; } = [];

    /// <summary>When it was first heard of.</summary>
    public DateTimeOffset FirstSeen { get; set; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Whether it is connected, as its last will says.</summary>
    public bool IsOnline { get; set; }

    /// <summary>Whether it said, or its last will did, that it has gone; one that never said anything of the kind is not taken for away.</summary>
    public bool IsAway { get; set; }

    /// <summary>The version of its runtime.</summary>
    public string? Runtime { get; set; }

    /// <summary>What it said last of its updates; null before it has.</summary>
    public ReportedState? Reported { get; set; }

    /// <summary>Whether nothing is wrong with it, as it said last; null before it has.</summary>
    public bool? IsHealthy { get; set; }

    /// <summary>What it says is wrong, in one line; null where nothing is.</summary>
    public string? Problem { get; set; }

    /// <summary>The counter of the newest desired state made for it.</summary>
    public long Counter { get; set; }

    /// <summary>What that state asks for, without the counter: where this changes a new state is made.</summary>
    public string Wish { get; set; } = "";

    /// <summary>The signed message; empty where none was made.</summary>
    public byte[] Message { get; set; } = [];

    /// <summary>What it says of one of its packages; null where it has none of that name.</summary>
    /// <param name="package">The package's name.</param>
    public PackageReport? Package(string package) => Reported?.Packages.FirstOrDefault(report => report.Name == package);
}
