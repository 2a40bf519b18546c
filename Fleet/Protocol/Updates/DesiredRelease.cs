namespace Edge.Fleet.Protocol;

/// <summary>One release that a device is to run, with all that is needed to fetch it without any server.</summary>
public sealed record DesiredRelease
{
    /// <summary>The most bytes of a manifest, as package readers have it.</summary>
    public const int MaximumManifestBytes = 16 << 20;

    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>Its release number.</summary>
    public required long Release { get; init; }

    /// <summary>The SHA-256 of <c>manifest.json</c>: what the release is known by.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary><c>manifest.json</c> in the blobs that make it up, first to last.</summary>
    public required IReadOnlyList<BlobReference> Manifest { get; init; }

    /// <summary><c>manifest.sig</c>: ECDSA P-256 over the manifest's exact bytes, DER.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>The bytes of the whole package.</summary>
    public required long PackageBytes { get; init; }

    /// <summary>True lets a release be older than the newest that the device has kept.</summary>
    public bool AllowDowngrade { get; set; }

    /// <summary>From 1; a higher one asks a device to try a release again on which it has failed.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>What it must stand.</summary>
    public TrialSpec Trial { get; set; } = new();

    /// <summary>The rollout that asks for it; null where nobody's.</summary>
    public string? Rollout { get; init; }

    internal void Validate(string path)
    {
        Rule.Text(Name, $"{path}.name", 64);
        Rule.That(Name[0] is not '.', $"{path}.name", "must not begin with a dot");
        Rule.Text(Version, $"{path}.version", 64);
        Rule.That(Release >= 1, $"{path}.release", "must be 1 or more");
        Rule.Hash(ManifestSha256, $"{path}.manifestSha256");
        Rule.That(Manifest.Count is >= 1 and <= MaximumManifestBytes / 1024, $"{path}.manifest", "must have at least one blob, and not more than a manifest may have");
        long total = 0;
        for (int i = 0; i < Manifest.Count; i++)
        {
            Rule.That(Manifest[i] is not null, $"{path}.manifest[{i}]", "must not be null");
            Manifest[i].Validate($"{path}.manifest[{i}]");
            total += Manifest[i].Length;
        }
        Rule.That(total <= MaximumManifestBytes, $"{path}.manifest", $"has {total} bytes, more than a manifest may have ({MaximumManifestBytes})");
        Rule.That(Signature.Length is >= 1 and <= 256, $"{path}.signature", "must have 1 to 256 bytes");
        Rule.That(PackageBytes is >= 1 and <= 1L << 30, $"{path}.packageBytes", $"must be 1 to {1L << 30}");
        Rule.That(Attempt is >= 1, $"{path}.attempt", "must be 1 or more");
        Rule.That(Rollout is null or { Length: <= 64 }, $"{path}.rollout", "must have 64 characters at most");
        Trial.Validate($"{path}.trial");
    }
}
