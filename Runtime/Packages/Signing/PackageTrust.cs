namespace Edge.Packages;

/// <summary>Whose packages are accepted. Immutable; may be shared between threads.</summary>
public sealed class PackageTrust
{
    private readonly VerifyingKey[] _keys;

    private PackageTrust(VerifyingKey[] keys) => _keys = keys;

    /// <summary>Every package whose hashes are right, signed or not; signatures are not looked at. For trying things out.</summary>
    public static PackageTrust AllowUnsigned { get; } = new([]);

    /// <summary>The keys, of which one must have signed; none for <see cref="AllowUnsigned"/>.</summary>
    public IReadOnlyList<VerifyingKey> TrustedKeys => _keys;

    /// <summary>Only packages that one of these keys signed.</summary>
    /// <param name="keys">At least one key.</param>
    /// <exception cref="ArgumentException">No key.</exception>
    public static PackageTrust Keys(params ReadOnlySpan<VerifyingKey> keys)
    {
        if (keys.IsEmpty)
        {
            throw new ArgumentException("at least one key is needed; to accept anything say AllowUnsigned", nameof(keys));
        }
        return new PackageTrust(keys.ToArray());
    }

    /// <summary>Only packages that one of these keys signed.</summary>
    /// <param name="paths">Files of public keys (PEM SubjectPublicKeyInfo), at least one.</param>
    /// <exception cref="ArgumentException">No file.</exception>
    /// <exception cref="PackageException">A file is not there or holds no P-256 public key.</exception>
    public static PackageTrust Load(params ReadOnlySpan<string> paths)
    {
        var keys = new VerifyingKey[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            keys[i] = VerifyingKey.Load(paths[i]);
        }
        return Keys(keys);
    }

    /// <summary>Checks a signature before the manifest's bytes are looked at in any other way.</summary>
    /// <returns>The key that signed; null where none is asked for.</returns>
    /// <exception cref="PackageException">Not signed, or by somebody else.</exception>
    internal VerifyingKey? Check(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> signature)
    {
        if (_keys.Length == 0)
        {
            return null;
        }
        if (signature.IsEmpty)
        {
            throw new PackageException($"not signed; sign it with `edge package --key`, or allow unsigned packages");
        }
        foreach (VerifyingKey key in _keys)
        {
            if (key.Verify(manifest, signature))
            {
                return key;
            }
        }
        string tried = _keys.Length == 1 ? $"the trusted key {_keys[0].Name}" : $"any of the {_keys.Length} trusted keys";
        throw new PackageException($"{PackagePath.Signature} was not made by {tried}; trust the signer's public key or get the package from its maker");
    }
}
