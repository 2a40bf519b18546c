using Edge.Agent.State;
using Edge.Fleet.Protocol;
using Edge.Packages;

namespace Edge.Agent.Fetching;

/// <summary>
/// A package that is being put together on the disk. What is there is found out by its hashes, so nothing about it needs to be
/// written down and a power cut costs at most the chunks that had not reached the disk. One thread at a time.
/// </summary>
internal sealed class Incoming : IDisposable
{
    private readonly SlotFolder _folder;
    private readonly DesiredRelease _release;
    private readonly PackageTrust _trust;
    private readonly Dictionary<string, byte[]> _manifestBlobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PlacedChunk>> _places = new(StringComparer.Ordinal);
    private PackageAssembly? _assembly;
    private FileStream? _file;

    internal Incoming(SlotFolder folder, DesiredRelease release, PackageTrust trust) => (_folder, _release, _trust) = (folder, release, trust);

    /// <summary>Whether every byte is there.</summary>
    internal bool IsComplete => _assembly is not null && _places.Count == 0;

    /// <summary>Bytes of chunks that are still to come.</summary>
    internal long BytesMissing { get; private set; }

    /// <summary>Bytes of all chunks.</summary>
    internal long BytesTotal { get; private set; }

    /// <summary>Bytes that were copied from packages on the device.</summary>
    internal long BytesReused { get; private set; }

    internal double ProgressPercent => BytesTotal == 0 ? 0 : 100.0 * (BytesTotal - BytesMissing) / BytesTotal;

    /// <summary>Bytes of disk that the package takes beyond what it has taken; null while the manifest is not there.</summary>
    internal long? BytesOfDisk => _assembly is { } assembly ? assembly.Length - (File.Exists(_folder.Part) ? new FileInfo(_folder.Part).Length : 0) : null;

    /// <summary>Whether the manifest is known; blobs of it are wanted before.</summary>
    internal bool HasManifest => _assembly is not null;

    /// <summary>Takes a manifest that an earlier run has fetched.</summary>
    /// <exception cref="PackageException">It is not to be used.</exception>
    internal void LookForManifest()
    {
        if (File.Exists(_folder.Manifest) && new FileInfo(_folder.Manifest).Length <= DesiredRelease.MaximumManifestBytes)
        {
            byte[] bytes = File.ReadAllBytes(_folder.Manifest);
            if (PackageAssembly.ManifestHash(bytes) == _release.ManifestSha256)
            {
                Plan(bytes);
            }
        }
    }

    /// <summary>Opens the file, looks at what is in it, and copies what other packages have.</summary>
    /// <param name="donors">Packages on the device.</param>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    internal void Begin(IEnumerable<Package> donors)
    {
        _file = new FileStream(_folder.Part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        if (_file.Length != _assembly!.Length)
        {
            _file.SetLength(_assembly.Length);
        }
        foreach (PlacedChunk chunk in _assembly.Chunks)
        {
            BytesTotal += chunk.Length;
            if (!PackageAssembly.Holds(_file, chunk))
            {
                if (!_places.TryGetValue(chunk.Sha256, out List<PlacedChunk>? places))
                {
                    BytesMissing += chunk.Length;
                    _places[chunk.Sha256] = places = [];
                }
                else
                {
                    BytesTotal -= chunk.Length;
                }
                places.Add(chunk);
            }
        }
        foreach (Package donor in donors)
        {
            Copy(donor);
        }
    }

    /// <summary>The blobs that are still to come.</summary>
    internal IEnumerable<BlobReference> Wanted()
    {
        if (_assembly is null)
        {
            foreach (BlobReference blob in _release.Manifest)
            {
                if (!_manifestBlobs.ContainsKey(blob.Sha256))
                {
                    yield return blob;
                }
            }
            yield break;
        }
        foreach (PlacedChunk chunk in _assembly.Chunks)
        {
            if (_places.TryGetValue(chunk.Sha256, out List<PlacedChunk>? places) && places[0].Offset == chunk.Offset)
            {
                yield return new BlobReference { Length = chunk.Length, Sha256 = chunk.Sha256 };
            }
        }
    }

    /// <summary>Puts a blob to its places.</summary>
    /// <exception cref="PackageException">It completes a manifest that is not to be used.</exception>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    internal void Take(string sha256, ReadOnlyMemory<byte> bytes)
    {
        if (_assembly is null)
        {
            _manifestBlobs[sha256] = bytes.ToArray();
            TryJoinManifest();
        }
        else
        {
            Put(sha256, bytes.Span);
        }
    }

    /// <summary>Writes the headers and makes everything durable.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    internal void Finish()
    {
        _assembly!.WriteHeaders(_file!);
        _file!.Flush(flushToDisk: true);
    }

    public void Dispose() => _file?.Dispose();

    private void TryJoinManifest()
    {
        var manifest = new MemoryStream();
        foreach (BlobReference blob in _release.Manifest)
        {
            if (!_manifestBlobs.TryGetValue(blob.Sha256, out byte[]? bytes))
            {
                return;
            }
            manifest.Write(bytes);
        }
        byte[] joined = manifest.ToArray();
        if (PackageAssembly.ManifestHash(joined) != _release.ManifestSha256)
        {
            throw new PackageException("the manifest's blobs do not make up the manifest that is asked for");
        }
        Plan(joined);
        Foundation.AtomicFile.WriteAllBytes(_folder.Manifest, joined);
    }

    private void Plan(byte[] manifest)
    {
        PackageAssembly assembly = PackageAssembly.Plan(manifest, _release.Signature, _trust);
        Manifest m = assembly.Manifest;
        if (m.Name != _release.Name || m.Version != _release.Version || m.Release != _release.Release)
        {
            throw new PackageException($"the manifest is of {m.Name} {m.Version} (release {m.Release}), asked for is {_release.Name} {_release.Version} (release {_release.Release})");
        }
        _assembly = assembly;
    }

    private void Copy(Package donor)
    {
        foreach (PackageFile file in donor.Files)
        {
            int offset = 0;
            ReadOnlyMemory<byte> content = donor.ReadFile(file.Path);
            foreach (PackageChunk chunk in file.Chunks)
            {
                if (_places.ContainsKey(chunk.Sha256))
                {
                    BytesReused += chunk.Length;
                    Put(chunk.Sha256, content.Span.Slice(offset, chunk.Length));
                }
                offset += chunk.Length;
            }
        }
    }

    private void Put(string sha256, ReadOnlySpan<byte> bytes)
    {
        if (!_places.Remove(sha256, out List<PlacedChunk>? places))
        {
            return;
        }
        foreach (PlacedChunk place in places)
        {
            // The manifest may give the same hash with two lengths; only one of them is true.
            if (place.Length == bytes.Length)
            {
                RandomAccess.Write(_file!.SafeFileHandle, bytes, place.Offset);
            }
        }
        BytesMissing -= bytes.Length;
    }
}
