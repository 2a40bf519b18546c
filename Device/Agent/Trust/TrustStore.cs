using Edge.Agent.State;
using Edge.Fleet.Protocol;
using Edge.Packages;

namespace Edge.Agent.Trust;

/// <summary>
/// Whose packages and whose desired states this device follows: the keys of its configuration, with the newest
/// <see cref="TrustChange"/> on top. A change must be signed by a key whose packages are trusted, so a stolen key of the fleet
/// cannot bring in other keys.
/// </summary>
internal sealed class TrustStore
{
    private readonly string _path;
    private readonly VerifyingKey[] _ownPackageKeys;
    private readonly VerifyingKey[] _ownFleetKeys;
    private byte[] _kept;

    /// <exception cref="PackageException">A key file cannot be read.</exception>
    internal TrustStore(AgentOptions options)
    {
        _path = Path.Combine(options.Folder, "trust.json");
        _ownPackageKeys = Load(options.PackageKeys);
        _ownFleetKeys = Load(options.FleetKeys);
        SignedBytes? kept = JournalFile.Load(_path, AgentJsonContext.Default.SignedBytes);
        _kept = kept?.Payload ?? [];
        Apply(kept is null ? null : Parse(kept.Payload));
    }

    /// <summary>The version of the newest change; 0 for none.</summary>
    internal long Version { get; private set; }

    /// <summary>Whose packages are run.</summary>
    internal PackageTrust Packages { get; private set; } = null!;

    /// <summary>
    /// The same with revoked keys: what a device runs already it goes on running, since a device without a model helps nobody.
    /// </summary>
    internal PackageTrust Known { get; private set; } = null!;

    /// <summary>Whose desired states are followed.</summary>
    internal IReadOnlyList<VerifyingKey> FleetKeys { get; private set; } = null!;

    /// <summary>Takes over a change, unless it is one that is in force or was replaced.</summary>
    /// <exception cref="AgentException">It is not signed by a trusted key, or would leave the device without keys.</exception>
    /// <exception cref="ProtocolException">It is no trust change.</exception>
    /// <exception cref="PackageException">One of its keys is none.</exception>
    internal void Accept(SignedBytes signed)
    {
        if (signed.Payload.AsSpan().SequenceEqual(_kept))
        {
            // It comes with every desired state, even after it has revoked the key that signed it.
            return;
        }
        if (!IsSigned(Packages.TrustedKeys, TrustChange.Purpose, signed))
        {
            throw new AgentException("the change of keys is not signed by a key whose packages this device trusts: sign it with such a key");
        }
        TrustChange change = TrustChange.Parse(signed.Payload);
        if (change.Version <= Version)
        {
            return;
        }
        if (Without(_ownPackageKeys, change.PackageKeys, change.Revoked).Length == 0 || Without(_ownFleetKeys, change.FleetKeys, change.Revoked).Length == 0)
        {
            throw new AgentException("the change of keys would leave this device without a key to trust: add the new key before the old one is revoked");
        }
        JournalFile.Save(_path, signed, AgentJsonContext.Default.SignedBytes);
        _kept = signed.Payload;
        Apply(change);
    }

    /// <summary>Whether one of the keys signed.</summary>
    internal static bool IsSigned(IReadOnlyList<VerifyingKey> keys, string purpose, SignedBytes signed)
    {
        byte[] data = SignedBytes.ToSign(purpose, signed.Payload);
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Verify(data, signed.Signature))
            {
                return true;
            }
        }
        return false;
    }

    private static TrustChange? Parse(byte[] payload)
    {
        try
        {
            return TrustChange.Parse(payload);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    private void Apply(TrustChange? change)
    {
        Version = change?.Version ?? 0;
        Packages = PackageTrust.Keys(Without(_ownPackageKeys, change?.PackageKeys ?? [], change?.Revoked ?? []));
        Known = PackageTrust.Keys(Without(_ownPackageKeys, change?.PackageKeys ?? [], []));
        FleetKeys = Without(_ownFleetKeys, change?.FleetKeys ?? [], change?.Revoked ?? []);
    }

    private static VerifyingKey[] Without(VerifyingKey[] own, IReadOnlyList<string> added, IReadOnlyList<string> revoked)
    {
        var keys = new List<VerifyingKey>(own);
        foreach (string pem in added)
        {
            keys.Add(VerifyingKey.Parse(pem, "trust"));
        }
        keys.RemoveAll(key =>
        {
            foreach (string fingerprint in revoked)
            {
                if (fingerprint == key.Fingerprint)
                {
                    return true;
                }
            }
            return false;
        });
        return [.. keys];
    }

    private static VerifyingKey[] Load(IReadOnlyList<string> paths)
    {
        var keys = new VerifyingKey[paths.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = VerifyingKey.Load(paths[i]);
        }
        return keys;
    }
}
