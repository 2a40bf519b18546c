using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// New keys for a device, and keys that it is to trust no more: signed by one of the keys whose packages it trusts, and in force
/// in place of every change before it.
/// </summary>
public sealed record TrustChange
{
    /// <summary>What the signature is made over, before the bytes of the change.</summary>
    public const string Purpose = "edge trust 1\n";

    private const int MaximumKeys = 64;
    private const int MaximumKeyCharacters = 4096;

    /// <summary>Greater than that of every change before it.</summary>
    public required long Version { get; init; }

    /// <summary>Public keys (PEM) whose packages are trusted beside those of the device's configuration.</summary>
    public IReadOnlyList<string> PackageKeys { get; set; } = [];

    /// <summary>Public keys (PEM) whose desired states are trusted beside those of the device's configuration.</summary>
    public IReadOnlyList<string> FleetKeys { get; set; } = [];

    /// <summary>Fingerprints (SHA-256 of the DER SubjectPublicKeyInfo) of keys that are trusted no more, wherever they are listed.</summary>
    public IReadOnlyList<string> Revoked { get; set; } = [];

    /// <summary>Reads and checks a change.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no trust change.</exception>
    public static TrustChange Parse(ReadOnlySpan<byte> utf8)
    {
        TrustChange change = ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.TrustChange, "trust");
        Rule.That(change.Version >= 1, "trust: version", "must be 1 or more");
        Rule.That(change.PackageKeys.Count + change.FleetKeys.Count <= MaximumKeys && change.Revoked.Count <= MaximumKeys, "trust", $"must list {MaximumKeys} keys at most");
        foreach (string key in (string[])[.. change.PackageKeys, .. change.FleetKeys])
        {
            Rule.That(key is { Length: > 0 and <= MaximumKeyCharacters }, "trust: keys", "must be PEM texts");
        }
        foreach (string fingerprint in change.Revoked)
        {
            Rule.Hash(fingerprint ?? "", "trust: revoked");
        }
        return change;
    }

    /// <summary>The change as JSON in UTF-8.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.TrustChange);
}
