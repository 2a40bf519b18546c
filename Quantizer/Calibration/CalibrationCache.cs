using System.Security.Cryptography;
using System.Text;
using Edge.Foundation;
using Edge.Graph;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Calibration;

/// <summary>
/// Statistics of a calibration in a file, so that other methods, targets and layers can be tried without running the data again.
/// It holds the hash of the float model that it belongs to, and ends with its own SHA-256.
/// </summary>
public static class CalibrationCache
{
    private const long MaximumBytes = 1L << 30;
    private const int MaximumTensors = 100_000;
    private const int MaximumName = 1 << 16;
    private const int MaximumBins = 1 << 16;
    private static readonly byte[] Mark = "EDGECAL2"u8.ToArray();

    /// <summary>The hash by which a cache knows its model.</summary>
    /// <param name="model">The prepared float model.</param>
    public static string HashOf(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Convert.ToHexStringLower(SHA256.HashData(model.ToBytes()));
    }

    /// <summary>Writes statistics; <paramref name="path"/> is either the old file or the whole new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelHash">What <see cref="HashOf"/> gave.</param>
    /// <param name="statistics">The statistics by tensor.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, string modelHash, IReadOnlyDictionary<string, TensorStatistics> statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Mark);
            writer.Write(modelHash);
            writer.Write(statistics.Count);
            foreach ((string name, TensorStatistics item) in statistics.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.Write(name);
                writer.Write(item.Minimum);
                writer.Write(item.Maximum);
                writer.Write(item.AverageMinimum);
                writer.Write(item.AverageMaximum);
                writer.Write(item.Histogram.Limit);
                WriteBins(writer, item.Histogram.Bins);
            }
        }
        byte[] hash = SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        memory.Write(hash);
        AtomicFile.WriteAllBytes(path, memory.ToArray());
    }

    /// <summary>Reads statistics.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelHash">The hash of the model they are wanted for.</param>
    /// <exception cref="QuantizationException">The file is missing, damaged, or of another model.</exception>
    public static IReadOnlyDictionary<string, TensorStatistics> Load(string path, string modelHash)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
            {
                throw new InvalidDataException();
            }
            byte[] bytes = File.ReadAllBytes(path);
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            if (!reader.ReadBytes(Mark.Length).AsSpan().SequenceEqual(Mark))
            {
                throw new QuantizationException($"{path}: is no calibration cache; name another file, or delete it");
            }
            int end = bytes.Length - SHA256.HashSizeInBytes;
            if (end < 0 || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            {
                throw new InvalidDataException();
            }
            if (reader.ReadString() != modelHash)
            {
                throw new QuantizationException($"{path}: belongs to another model; delete it, or name another file");
            }
            int count = Bounded(reader.ReadInt32(), MaximumTensors);
            var statistics = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
            for (int index = 0; index < count; index++)
            {
                string name = reader.ReadString();
                _ = Bounded(name.Length, MaximumName);
                TensorRange ends = ReadRange(reader);
                TensorRange averages = ReadRange(reader);
                float limit = reader.ReadSingle();
                var histogram = GrowingHistogram.Restore(limit, ReadBins(reader));
                // What a tensor's values count and what they span belong together.
                bool isSound = limit >= 0 && float.IsFinite(limit) && histogram.Count > 0 && (limit > 0 || ends == default);
                statistics[name] = isSound ? new TensorStatistics(histogram, ends, averages) : throw new InvalidDataException();
            }
            return statistics;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException or DecoderFallbackException or ArgumentException or OverflowException)
        {
            throw new QuantizationException($"{path}: is a damaged calibration cache; delete it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QuantizationException($"{path}: cannot be read: {e.Message}");
        }
    }

    // Most bins are empty: runs of them take one number.
    private static void WriteBins(BinaryWriter writer, ReadOnlySpan<long> bins)
    {
        writer.Write(bins.Length);
        for (int bin = 0; bin < bins.Length;)
        {
            int empty = bins[bin..].IndexOfAnyExcept(0);
            empty = empty < 0 ? bins.Length - bin : empty;
            writer.Write7BitEncodedInt(empty);
            bin += empty;
            if (bin < bins.Length)
            {
                writer.Write7BitEncodedInt64(bins[bin++]);
            }
        }
    }

    private static long[] ReadBins(BinaryReader reader)
    {
        long[] bins = new long[Bounded(reader.ReadInt32(), MaximumBins)];
        for (int bin = 0; bin < bins.Length;)
        {
            bin += Bounded(reader.Read7BitEncodedInt(), bins.Length - bin);
            if (bin < bins.Length)
            {
                long count = reader.Read7BitEncodedInt64();
                bins[bin++] = count > 0 ? count : throw new InvalidDataException();
            }
        }
        return bins;
    }

    private static TensorRange ReadRange(BinaryReader reader)
    {
        var range = new TensorRange(reader.ReadSingle(), reader.ReadSingle());
        return float.IsFinite(range.Minimum) && float.IsFinite(range.Maximum) && range.Minimum <= range.Maximum ? range : throw new InvalidDataException();
    }

    private static int Bounded(int value, int most) => value >= 0 && value <= most ? value : throw new InvalidDataException();
}
