using System.Security.Cryptography;
using Edge.Foundation;

namespace Edge.Packages;

/// <summary>Writes model packages.</summary>
public static class PackageWriter
{
    /// <summary>
    /// Writes a package, whole or not at all. The same manifest and files give the same bytes, but for the signature.
    /// </summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="manifest">The description; its <see cref="Manifest.Files"/> are worked out here.</param>
    /// <param name="files">The files, <c>model.onnx</c> among them, in any order.</param>
    /// <param name="key">Signs the package; null leaves it unsigned.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="PackageException">The manifest is wrong, a golden file or the model is missing, the labels are unreadable, or the package is too large.</exception>
    /// <exception cref="ArgumentException">A path is not allowed in a package or given twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Manifest Write(string path, Manifest manifest, IReadOnlyList<PackageContent> files, SigningKey? key = null)
    {
        (Manifest complete, byte[] json, PackageContent[] ordered) = Prepare(manifest, files);
        byte[]? signature = key?.Sign(json);
        AtomicFile.Write(path, stream => Write(stream, json, signature, ordered));
        return complete;
    }

    /// <summary>The bytes of a package: see <see cref="Write(string, Manifest, IReadOnlyList{PackageContent}, SigningKey?)"/>.</summary>
    /// <param name="manifest">The description.</param>
    /// <param name="files">The files.</param>
    /// <param name="key">Signs the package; null leaves it unsigned.</param>
    /// <exception cref="PackageException">The manifest is wrong, a file is missing, or the package is too large.</exception>
    /// <exception cref="ArgumentException">A path is not allowed in a package or given twice.</exception>
    public static byte[] ToBytes(Manifest manifest, IReadOnlyList<PackageContent> files, SigningKey? key = null)
    {
        (_, byte[] json, PackageContent[] ordered) = Prepare(manifest, files);
        using var stream = new MemoryStream();
        Write(stream, json, key?.Sign(json), ordered);
        return stream.ToArray();
    }

    private static (Manifest Complete, byte[] Json, PackageContent[] Ordered) Prepare(Manifest manifest, IReadOnlyList<PackageContent> files)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(files);
        PackageContent[] ordered = [.. files];
        Array.Sort(ordered, (a, b) => string.CompareOrdinal(a.Path, b.Path));
        var listed = new PackageFile[ordered.Length];
        long total = 0;
        bool hasModel = false;
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < ordered.Length; i++)
        {
            PackageContent file = ordered[i];
            if (!PackagePath.IsValid(file.Path) || PackagePath.IsReserved(file.Path))
            {
                throw new ArgumentException($"{PackagePath.Quote(file.Path)} is not a path that a package may hold", nameof(files));
            }
            if (!paths.Add(file.Path))
            {
                throw new ArgumentException($"'{file.Path}' is given twice", nameof(files));
            }
            if (file.Path == PackagePath.Labels)
            {
                LabelFile.Parse(file.Bytes.Span);
            }
            hasModel |= file.Path == PackagePath.Model;
            total += file.Bytes.Length;
            listed[i] = new PackageFile
            {
                Path = file.Path,
                Size = file.Bytes.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span)),
                Chunks = Chunker.Cut(file.Bytes.Span, file.CutOffsets ?? []),
            };
        }
        if (!hasModel)
        {
            throw new PackageException($"a package needs {PackagePath.Model}");
        }
        Manifest complete = manifest with { Files = listed };
        complete.Validate();
        byte[] json = complete.ToUtf8();
        if (total + json.Length > PackageLimits.Default.MaxPackageBytes || json.Length > PackageLimits.Default.MaxManifestBytes)
        {
            throw new PackageException($"the package would have {total + json.Length} bytes, more than a device accepts ({PackageLimits.Default.MaxPackageBytes})");
        }
        return (complete, json, ordered);
    }

    private static void Write(Stream stream, byte[] json, byte[]? signature, PackageContent[] ordered)
    {
        var entries = new List<(string, ReadOnlyMemory<byte>)> { (PackagePath.Manifest, json) };
        if (signature is not null)
        {
            entries.Add((PackagePath.Signature, signature));
        }
        foreach (PackageContent file in ordered)
        {
            entries.Add((file.Path, file.Bytes));
        }
        ArchiveWriter.Write(stream, entries);
    }
}
