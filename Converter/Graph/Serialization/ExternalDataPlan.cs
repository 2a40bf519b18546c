using System.Globalization;
using System.Security.Cryptography;

namespace Edge.Graph.Serialization;

/// <summary>Which tensors of a model go to a file beside it, and where in that file each one lies.</summary>
/// <param name="fileName">The file's name, as the model states it.</param>
internal sealed class ExternalDataPlan(string fileName)
{
    // Smaller tensors are shapes and scalars, which readers want to see without a second file.
    private const int SmallestMoved = 1024;
    // A page, so that a reader can map the file.
    private const long Alignment = 4096;

    private readonly List<(long Offset, ReadOnlyMemory<byte> Bytes)> _places = [];
    private long _end;

    internal bool IsEmpty => _places.Count == 0;

    /// <summary>Gives a tensor a place.</summary>
    /// <returns>What the model says about the place; null for a tensor that stays in the model.</returns>
    internal KeyValuePair<string, string>[]? TryAdd(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < SmallestMoved)
        {
            return null;
        }
        long offset = (_end + Alignment - 1) / Alignment * Alignment;
        _places.Add((offset, bytes));
        _end = offset + bytes.Length;
        return
        [
            KeyValuePair.Create("location", fileName),
            KeyValuePair.Create("offset", offset.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("length", bytes.Length.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>A name for the content of all tensors that would move: 16 hexadecimal digits.</summary>
    internal static string NameOf(IEnumerable<OnnxTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (OnnxTensor tensor in tensors)
        {
            if (tensor.Bytes.Length >= SmallestMoved)
            {
                hash.AppendData(BitConverter.GetBytes(tensor.Bytes.Length));
                hash.AppendData(tensor.Bytes.Span);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    internal void WriteTo(Stream stream)
    {
        byte[] padding = new byte[Alignment];
        long position = 0;
        foreach ((long offset, ReadOnlyMemory<byte> bytes) in _places)
        {
            stream.Write(padding, 0, (int)(offset - position));
            stream.Write(bytes.Span);
            position = offset + bytes.Length;
        }
    }
}
