using System.Security.Cryptography;

namespace Edge.Packages;

/// <summary>
/// A model package that was read and verified as a whole: archive, signature, manifest, and the size and hash of every
/// file and chunk. Its bytes are held in memory, so nothing can change after it was verified. May be shared between threads.
/// </summary>
public sealed class Package
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _contents;
    private readonly string[] _labels;

    private Package(string source, Manifest manifest, ReadOnlyMemory<byte> manifestBytes, ReadOnlyMemory<byte> signature, VerifyingKey? signedBy, Dictionary<string, ReadOnlyMemory<byte>> contents, string[] labels)
    {
        Source = source;
        Manifest = manifest;
        ManifestBytes = manifestBytes;
        Signature = signature;
        SignedBy = signedBy;
        _contents = contents;
        _labels = labels;
    }

    /// <summary>Where the package came from, for messages.</summary>
    public string Source { get; }

    /// <summary>What it holds and how its model is used.</summary>
    public Manifest Manifest { get; }

    /// <summary>The exact bytes of <c>manifest.json</c>.</summary>
    public ReadOnlyMemory<byte> ManifestBytes { get; }

    /// <summary>The bytes of <c>manifest.sig</c>; empty for an unsigned package.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>The trusted key that signed; null where none was asked for.</summary>
    public VerifyingKey? SignedBy { get; }

    /// <summary>The bytes of the ONNX model.</summary>
    public ReadOnlyMemory<byte> Model => _contents[PackagePath.Model];

    /// <summary>The class names in the order of the model's outputs; empty where the package has none.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>The files, as the manifest lists them.</summary>
    public IReadOnlyList<PackageFile> Files => Manifest.Files;

    /// <summary>Reads and verifies a package.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trust">Whose packages are accepted.</param>
    /// <param name="limits">How much it may ask for; <see cref="PackageLimits.Default"/> where null.</param>
    /// <exception cref="PackageException">The file cannot be read, is not a package, is damaged, not trusted, or too new for this runtime.</exception>
    public static Package Open(string path, PackageTrust trust, PackageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        limits ??= PackageLimits.Default;
        limits.Validate();
        byte[] bytes;
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > limits.MaxPackageBytes)
            {
                throw new PackageException($"{path}: {stream.Length} bytes are more than a package may have ({limits.MaxPackageBytes})");
            }
            bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
            stream.ReadExactly(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new PackageException($"{path}: the package cannot be read ({FileProblem.Describe(exception)})", exception);
        }
        return Read(bytes, path, trust, limits);
    }

    /// <summary>Verifies a package that is in memory.</summary>
    /// <param name="bytes">The whole package; must not change afterwards.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <param name="trust">Whose packages are accepted.</param>
    /// <param name="limits">How much it may ask for; <see cref="PackageLimits.Default"/> where null.</param>
    /// <exception cref="PackageException">The bytes are not a package, damaged, not trusted, or too new for this runtime.</exception>
    public static Package Read(ReadOnlyMemory<byte> bytes, string source, PackageTrust trust, PackageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        limits ??= PackageLimits.Default;
        limits.Validate();
        try
        {
            return Verify(bytes, source, trust, limits);
        }
        catch (PackageException exception)
        {
            throw new PackageException($"{source}: {exception.Message}", exception);
        }
    }

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">Its path in the package.</param>
    /// <exception cref="PackageException">The package has no such file.</exception>
    public ReadOnlyMemory<byte> ReadFile(string path) =>
        _contents.TryGetValue(path, out ReadOnlyMemory<byte> bytes)
            ? bytes
            : throw new PackageException($"{Source}: holds no {PackagePath.Quote(path)}; make the package again with it");

    /// <summary>The same package without the bytes of its files, for whoever has loaded the model and keeps only the facts.</summary>
    /// <returns>A package whose <see cref="Model"/> is empty and whose <see cref="ReadFile"/> finds nothing.</returns>
    public Package WithoutContents() => new(
        Source, Manifest, ManifestBytes.ToArray(), Signature.ToArray(), SignedBy,
        new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [PackagePath.Model] = default }, _labels);

    private static Package Verify(ReadOnlyMemory<byte> bytes, string source, PackageTrust trust, PackageLimits limits)
    {
        if (bytes.Length > limits.MaxPackageBytes)
        {
            throw new PackageException($"{bytes.Length} bytes are more than a package may have ({limits.MaxPackageBytes})");
        }
        List<ArchiveEntry> entries = ArchiveReader.Read(bytes, limits.MaxEntries);
        if (entries.Count == 0 || entries[0].Path != PackagePath.Manifest)
        {
            throw new PackageException($"does not begin with {PackagePath.Manifest}; give a file that `edge package` wrote");
        }
        ReadOnlyMemory<byte> manifestBytes = entries[0].Content;
        bool signed = entries.Count > 1 && entries[1].Path == PackagePath.Signature;
        ReadOnlyMemory<byte> signature = signed ? entries[1].Content : default;
        if (manifestBytes.Length > limits.MaxManifestBytes || (signed && signature.Length is 0 or > 256))
        {
            throw new PackageException($"{PackagePath.Manifest} or {PackagePath.Signature} has an impossible size; do not use this package");
        }
        VerifyingKey? signedBy = trust.Check(manifestBytes.Span, signature.Span);
        Manifest manifest = Manifest.Parse(manifestBytes.Span);
        CheckRuntime(manifest);
        Dictionary<string, ReadOnlyMemory<byte>> contents = CheckFiles(manifest, entries, signed ? 2 : 1);
        string[] labels = [];
        if (contents.TryGetValue(PackagePath.Labels, out ReadOnlyMemory<byte> text))
        {
            Check.That(text.Length <= limits.MaxLabelBytes, PackagePath.Labels, $"must have {limits.MaxLabelBytes} bytes at most");
            labels = LabelFile.Parse(text.Span);
        }
        return new Package(source, manifest, manifestBytes, signature, signedBy, contents, labels);
    }

    internal static void CheckRuntime(Manifest manifest)
    {
        if (SemanticVersion.TryParse(manifest.MinimumRuntime, out SemanticVersion? needed) && needed > SemanticVersion.Runtime)
        {
            throw new PackageException($"needs runtime {needed} or newer, this is {SemanticVersion.Runtime}; update the runtime");
        }
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> CheckFiles(Manifest manifest, List<ArchiveEntry> entries, int first)
    {
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        for (int i = 0; i < Math.Max(manifest.Files.Count, entries.Count - first); i++)
        {
            if (i >= manifest.Files.Count)
            {
                throw new PackageException($"holds '{entries[first + i].Path}', which its manifest does not list; do not use this package");
            }
            PackageFile file = manifest.Files[i];
            if (i >= entries.Count - first || entries[first + i].Path != file.Path)
            {
                throw new PackageException($"lacks '{file.Path}', or holds it in another place than its manifest says; fetch the package again");
            }
            CheckHashes(file, entries[first + i].Content);
            contents.Add(file.Path, entries[first + i].Content);
        }
        if (!contents.ContainsKey(PackagePath.Model))
        {
            throw new PackageException($"lacks {PackagePath.Model}; make the package again");
        }
        return contents;
    }

    private static void CheckHashes(PackageFile file, ReadOnlyMemory<byte> content)
    {
        if (file.Size != content.Length)
        {
            throw new PackageException($"'{file.Path}' has {content.Length} bytes, its manifest says {file.Size}; fetch the package again");
        }
        bool good = HasHash(content.Span, file.Sha256);
        int offset = 0;
        foreach (PackageChunk chunk in file.Chunks)
        {
            good &= HasHash(content.Span.Slice(offset, chunk.Length), chunk.Sha256);
            offset += chunk.Length;
        }
        if (!good)
        {
            throw new PackageException($"'{file.Path}' is not what its manifest says (SHA-256 differs); fetch the package again");
        }
    }

    internal static bool HasHash(ReadOnlySpan<byte> bytes, string hash)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, actual);
        return Convert.FromHexString(hash, expected, out _, out _) == System.Buffers.OperationStatus.Done && actual.SequenceEqual(expected);
    }
}
