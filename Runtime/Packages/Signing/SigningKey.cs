using System.Security.Cryptography;
using Edge.Foundation;

namespace Edge.Packages;

/// <summary>A private key that signs packages: ECDSA over P-256 with SHA-256. Dispose it to forget the secret.</summary>
public sealed class SigningKey : IDisposable
{
    /// <summary>What <see cref="Save"/> appends to the file of the public half.</summary>
    public const string PublicSuffix = ".pub";

    private const int MaxFileBytes = 64 << 10;
    private readonly ECDsa _ecdsa;

    private SigningKey(ECDsa ecdsa, string name)
    {
        _ecdsa = ecdsa;
        Public = new VerifyingKey(name, ecdsa.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public half.</summary>
    public VerifyingKey Public { get; }

    /// <summary>Makes a new key.</summary>
    public static SigningKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), "key");

    /// <summary>Reads a private key.</summary>
    /// <param name="path">An unencrypted PEM file: PKCS#8 (<c>PRIVATE KEY</c>) or SEC 1 (<c>EC PRIVATE KEY</c>).</param>
    /// <exception cref="PackageException">No such file, no private key in it, encrypted, or not on P-256.</exception>
    public static SigningKey Load(string path)
    {
        string pem = KeyFile.Read(path, MaxFileBytes);
        if (!pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new PackageException($"{path}: no private key in it; give the file that `edge keygen` wrote without {PublicSuffix}");
        }
        return new SigningKey(KeyFile.Import(path, key => key.ImportFromPem(pem)), path);
    }

    /// <summary>
    /// Writes the private key (PKCS#8 PEM, readable by its owner only) and, beside it with <see cref="PublicSuffix"/>,
    /// the public one (PEM, readable by all). Existing files are replaced.
    /// </summary>
    /// <param name="path">The private key's file; its folder must exist.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string path)
    {
        byte[] pem = System.Text.Encoding.ASCII.GetBytes(_ecdsa.ExportPkcs8PrivateKeyPem() + "\n");
        AtomicFile.WriteAllBytes(path, pem, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        CryptographicOperations.ZeroMemory(pem);
        AtomicFile.WriteAllText(path + PublicSuffix, Public.ToPem());
    }

    /// <summary>Signs data.</summary>
    /// <param name="data">What is signed.</param>
    /// <returns>The signature in DER (RFC 3279), which <c>openssl dgst -sha256 -verify</c> reads.</returns>
    public byte[] Sign(ReadOnlySpan<byte> data) =>
        _ecdsa.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Forgets the secret.</summary>
    public void Dispose() => _ecdsa.Dispose();
}
