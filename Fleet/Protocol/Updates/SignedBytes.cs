using System.Text;

namespace Edge.Fleet.Protocol;

/// <summary>Bytes with a signature over them.</summary>
public sealed record SignedBytes
{
    private const int MaximumSignatureBytes = 256;

    /// <summary>The exact bytes, in JSON as base64.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>ECDSA P-256 with SHA-256 over the purpose and the bytes, DER (RFC 3279).</summary>
    public required byte[] Signature { get; init; }

    /// <summary>What is signed: the purpose's ASCII bytes, then the payload.</summary>
    /// <param name="purpose">Which kind of message it is.</param>
    /// <param name="payload">The bytes.</param>
    public static byte[] ToSign(string purpose, ReadOnlySpan<byte> payload) => [.. Encoding.ASCII.GetBytes(purpose), .. payload];

    internal void Validate(string path) =>
        Rule.That(Payload.Length > 0 && Signature.Length is > 0 and <= MaximumSignatureBytes, path, "must have a payload and a signature");
}
