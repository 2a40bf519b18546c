using System.Security.Cryptography;

namespace Edge.Packages;

/// <summary>Cuts a file where its tensors begin and end, so that a changed tensor changes only its own chunks.</summary>
internal static class Chunker
{
    /// <summary>
    /// Cuts at every offset, merges neighbours while they fit into one chunk, and divides what does not fit.
    /// A piece that had to be divided shares none of its chunks with its neighbours.
    /// </summary>
    /// <param name="bytes">The file.</param>
    /// <param name="cuts">Offsets in any order; those outside the file and repetitions are without effect.</param>
    internal static PackageChunk[] Cut(ReadOnlySpan<byte> bytes, IReadOnlyList<long> cuts)
    {
        var bounds = new SortedSet<long>(cuts) { bytes.Length };
        var chunks = new List<PackageChunk>();
        int start = 0;
        int end = 0;
        foreach (long bound in bounds)
        {
            if (bound <= end || bound > bytes.Length)
            {
                continue;
            }
            if (bound - start > PackageChunk.MaxLength && end > start)
            {
                chunks.Add(Chunk(bytes[start..end]));
                start = end;
            }
            end = (int)bound;
            if (end - start > PackageChunk.MaxLength)
            {
                for (; start < end; start = Math.Min(start + PackageChunk.MaxLength, end))
                {
                    chunks.Add(Chunk(bytes[start..Math.Min(start + PackageChunk.MaxLength, end)]));
                }
            }
        }
        if (end > start)
        {
            chunks.Add(Chunk(bytes[start..end]));
        }
        return [.. chunks];
    }

    private static PackageChunk Chunk(ReadOnlySpan<byte> bytes) =>
        new() { Length = bytes.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
}
