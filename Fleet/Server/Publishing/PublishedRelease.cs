using System.Security.Cryptography;
using Edge.Fleet.Protocol;
using Edge.Packages;

namespace Edge.Fleet.Publishing;

/// <summary>A package as a fleet knows it: how devices ask for it, and the blobs that make it up.</summary>
public sealed class PublishedRelease
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _blobs = new(StringComparer.Ordinal);

    private PublishedRelease(Package package)
    {
        var manifest = new List<BlobReference>();
        for (int start = 0; start < package.ManifestBytes.Length; start += BlobReference.MaximumLength)
        {
            ReadOnlyMemory<byte> part = package.ManifestBytes[start..Math.Min(start + BlobReference.MaximumLength, package.ManifestBytes.Length)];
            string hash = Convert.ToHexStringLower(SHA256.HashData(part.Span));
            manifest.Add(new BlobReference { Length = part.Length, Sha256 = hash });
            _blobs[hash] = part;
        }
        foreach (PackageFile file in package.Files)
        {
            int offset = 0;
            ReadOnlyMemory<byte> content = package.ReadFile(file.Path);
            foreach (PackageChunk chunk in file.Chunks)
            {
                _blobs[chunk.Sha256] = content.Slice(offset, chunk.Length);
                offset += chunk.Length;
            }
        }
        ManifestBytes = package.ManifestBytes;
        Release = new DesiredRelease
        {
            Name = package.Manifest.Name,
            Version = package.Manifest.Version,
            Release = package.Manifest.Release,
            ManifestSha256 = PackageAssembly.ManifestHash(package.ManifestBytes.Span),
            Manifest = manifest,
            Signature = package.Signature.ToArray(),
            PackageBytes = new FileInfo(package.Source).Length,
        };
    }

    /// <summary>What a desired state says of it; trial and attempt are whoever asks for it to fill in.</summary>
    public DesiredRelease Release { get; }

    /// <summary>The exact bytes of the manifest.</summary>
    public ReadOnlyMemory<byte> ManifestBytes { get; }

    /// <summary>Every blob by its hash, each once.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Blobs => _blobs;

    /// <summary>Opens a package as a device would and cuts it into blobs.</summary>
    /// <param name="path">The package.</param>
    /// <param name="trust">Whose packages the fleet's devices accept.</param>
    /// <exception cref="PackageException">The package is unsigned, signed by somebody else, or damaged.</exception>
    public static PublishedRelease Open(string path, PackageTrust trust)
    {
        Package package = Package.Open(path, trust);
        return package.Signature.IsEmpty
            ? throw new PackageException($"{path}: not signed: no device would run it; sign it with `edge package --key`")
            : new PublishedRelease(package);
    }
}
