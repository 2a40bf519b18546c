using System.Security.Cryptography;

namespace Edge.Packages;

/// <summary>The public half of a signing key: ECDSA over P-256 with SHA-256. Immutable; may be shared between threads.</summary>
public sealed class VerifyingKey
{
    private const int MaxFileBytes = 64 << 10;
    private readonly byte[] _info;

    internal VerifyingKey(string name, byte[] info)
    {
        Name = name;
        _info = info;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(info));
    }

    /// <summary>Where the key came from, for messages: its file, or "key".</summary>
    public string Name { get; }

    /// <summary>SHA-256 of the DER SubjectPublicKeyInfo, 64 lower-case hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>The DER SubjectPublicKeyInfo (RFC 5280).</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => _info;

    /// <summary>Reads a public key.</summary>
    /// <param name="path">A PEM file with a <c>PUBLIC KEY</c>, as <see cref="SigningKey.Save"/> and <c>openssl ec -pubout</c> write it.</param>
    /// <exception cref="PackageException">No such file, no public key in it, or not on P-256.</exception>
    public static VerifyingKey Load(string path) => Parse(KeyFile.Read(path, MaxFileBytes), path);

    /// <summary>Reads a public key.</summary>
    /// <param name="pem">PEM text with a <c>PUBLIC KEY</c>.</param>
    /// <param name="name">Where it came from, for messages.</param>
    /// <exception cref="PackageException">No public key in it, or not on P-256.</exception>
    public static VerifyingKey Parse(string pem, string name = "key")
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields) || !pem.AsSpan()[fields.Label].SequenceEqual("PUBLIC KEY"))
        {
            throw new PackageException($"{name}: no PUBLIC KEY in it; give the .pub file that `edge keygen` wrote");
        }
        byte[] info = Convert.FromBase64String(pem[fields.Base64Data]);
        using ECDsa ecdsa = KeyFile.Import(name, key => key.ImportSubjectPublicKeyInfo(info, out _));
        return new VerifyingKey(name, ecdsa.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The key as PEM text.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _info) + "\n";

    /// <summary>True if the signature over the data was made with the other half of this key.</summary>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">The signature in DER (RFC 3279).</param>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using ECDsa ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(_info, out _);
        try
        {
            return ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // Not DER at all: no signature of anybody's.
        }
    }
}
