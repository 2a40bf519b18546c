using System.Buffers;
using System.Security.Cryptography;

namespace Edge.Packages;

/// <summary>
/// Puts a package together on the disk from its manifest, its signature and chunks that come in any order: manifest and
/// signature decide where every byte stands, so chunks are written to their places and the headers last. What comes out is
/// byte for byte the file that <see cref="PackageWriter"/> wrote.
/// </summary>
public sealed class PackageAssembly
{
    private const int BufferBytes = 64 << 10;

    private readonly (string Path, long Offset, long Size)[] _entries;
    private readonly ReadOnlyMemory<byte> _manifest;
    private readonly ReadOnlyMemory<byte> _signature;

    private PackageAssembly(Manifest manifest, ReadOnlyMemory<byte> manifestBytes, ReadOnlyMemory<byte> signature)
    {
        Manifest = manifest;
        _manifest = manifestBytes;
        _signature = signature;
        _entries = new (string, long, long)[manifest.Files.Count + 2];
        var chunks = new List<PlacedChunk>();
        long offset = 0;
        long directory = ArchiveLayout.EndSize;
        for (int i = 0; i < _entries.Length; i++)
        {
            (string path, long size) = i switch
            {
                0 => (PackagePath.Manifest, manifestBytes.Length),
                1 => (PackagePath.Signature, signature.Length),
                _ => (manifest.Files[i - 2].Path, manifest.Files[i - 2].Size),
            };
            _entries[i] = (path, offset + ArchiveLayout.LocalHeaderSize + path.Length, size);
            offset = _entries[i].Offset + size;
            directory += ArchiveLayout.DirectoryHeaderSize + path.Length;
        }
        for (int i = 0; i < manifest.Files.Count; i++)
        {
            long place = _entries[i + 2].Offset;
            foreach (PackageChunk chunk in manifest.Files[i].Chunks)
            {
                chunks.Add(new PlacedChunk(place, chunk.Length, chunk.Sha256));
                place += chunk.Length;
            }
        }
        Chunks = chunks;
        Length = offset + directory;
    }

    /// <summary>What is in the package.</summary>
    public Manifest Manifest { get; }

    /// <summary>The bytes of the whole file.</summary>
    public long Length { get; }

    /// <summary>Every chunk of every file, in the order of the file.</summary>
    public IReadOnlyList<PlacedChunk> Chunks { get; }

    /// <summary>Checks a manifest's signature, then reads it, then works out where everything stands.</summary>
    /// <param name="manifest">The exact bytes of <c>manifest.json</c>; kept.</param>
    /// <param name="signature">The bytes of <c>manifest.sig</c>; kept.</param>
    /// <param name="trust">Whose packages are accepted.</param>
    /// <param name="limits">What a package may have; <see cref="PackageLimits.Default"/> where null.</param>
    /// <exception cref="PackageException">The signature, the manifest, the runtime's version or a size is wrong.</exception>
    public static PackageAssembly Plan(ReadOnlyMemory<byte> manifest, ReadOnlyMemory<byte> signature, PackageTrust trust, PackageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        limits ??= PackageLimits.Default;
        if (manifest.Length > limits.MaxManifestBytes || signature.Length is 0 or > 256)
        {
            throw new PackageException($"{PackagePath.Manifest} or {PackagePath.Signature} has an impossible size; do not use this package");
        }
        trust.Check(manifest.Span, signature.Span);
        Manifest parsed = Manifest.Parse(manifest.Span);
        Package.CheckRuntime(parsed);
        if (parsed.Files.Count + 2 > limits.MaxEntries)
        {
            throw new PackageException($"lists more than {limits.MaxEntries - 2} files; not a model package");
        }
        long total = 0;
        foreach (PackageFile file in parsed.Files)
        {
            // Compared one by one: the sum of sizes that a manifest claims may not fit a number.
            if (file.Size > limits.MaxPackageBytes || (total += file.Size) > limits.MaxPackageBytes)
            {
                throw new PackageException($"claims more bytes than a package may have ({limits.MaxPackageBytes})");
            }
        }
        var assembly = new PackageAssembly(parsed, manifest, signature);
        return assembly.Length <= limits.MaxPackageBytes
            ? assembly
            : throw new PackageException($"{assembly.Length} bytes are more than a package may have ({limits.MaxPackageBytes})");
    }

    /// <summary>Whether the bytes at a chunk's place in a file are the chunk.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunk">The chunk.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool Holds(Stream file, in PlacedChunk chunk)
    {
        ArgumentNullException.ThrowIfNull(file);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(chunk.Length);
        try
        {
            file.Position = chunk.Offset;
            Span<byte> bytes = buffer.AsSpan(0, chunk.Length);
            return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length && Is(bytes, chunk.Sha256);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether bytes have a hash.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="sha256">64 lower-case hexadecimal digits.</param>
    public static bool Is(ReadOnlySpan<byte> bytes, string sha256) => Package.HasHash(bytes, sha256);

    /// <summary>Writes everything around the chunks; they must be in their places, since checksums are made of them.</summary>
    /// <param name="file">The file, open for reading and writing; it gets its final length.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public void WriteHeaders(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.SetLength(Length);
        Place(file, 0, _manifest.Span);
        Place(file, 1, _signature.Span);
        Span<byte> header = stackalloc byte[ArchiveLayout.DirectoryHeaderSize + PackagePath.MaxLength];
        uint[] checksums = new uint[_entries.Length];
        for (int i = 0; i < _entries.Length; i++)
        {
            (string path, long offset, long size) = _entries[i];
            checksums[i] = Checksum(file, offset, size);
            int length = ArchiveLayout.WriteLocalHeader(header, path, checksums[i], (uint)size);
            file.Position = offset - length;
            file.Write(header[..length]);
        }
        (_, long last, long lastSize) = _entries[^1];
        long directory = last + lastSize;
        file.Position = directory;
        for (int i = 0; i < _entries.Length; i++)
        {
            (string path, long offset, long size) = _entries[i];
            uint start = (uint)(offset - ArchiveLayout.LocalHeaderSize - path.Length);
            file.Write(header[..ArchiveLayout.WriteDirectoryHeader(header, path, checksums[i], (uint)size, start)]);
        }
        ArchiveLayout.WriteEnd(header, _entries.Length, (uint)directory, (uint)(file.Position - directory));
        file.Write(header[..ArchiveLayout.EndSize]);
    }

    /// <summary>The SHA-256 of a manifest's bytes: what a release is known by.</summary>
    /// <param name="manifest">The exact bytes.</param>
    public static string ManifestHash(ReadOnlySpan<byte> manifest) => Convert.ToHexStringLower(SHA256.HashData(manifest));

    private void Place(Stream file, int entry, ReadOnlySpan<byte> bytes)
    {
        file.Position = _entries[entry].Offset;
        file.Write(bytes);
    }

    private static uint Checksum(Stream file, long offset, long size)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            uint crc = 0;
            file.Position = offset;
            while (size > 0)
            {
                Span<byte> bytes = buffer.AsSpan(0, (int)Math.Min(size, BufferBytes));
                file.ReadExactly(bytes);
                crc = Crc32.Compute(bytes, crc);
                size -= bytes.Length;
            }
            return crc;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
