using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Cli.Models;
using Edge.Training;
using Edge.Training.Data;

namespace Edge.Cli.Training;

/// <summary>Everything a training run learns from, prepared for the model.</summary>
/// <param name="Name">What the recipe calls it.</param>
/// <param name="Train">Training samples, from which validation samples are still to be kept back.</param>
/// <param name="Test">Samples that training never sees.</param>
/// <param name="Pair">The pictures themselves, where the data are pictures in memory.</param>
internal sealed record TrainingData(string Name, Dataset Train, Dataset Test, DatasetPair? Pair)
{
    private const int FingerprintSamples = 4096;

    /// <summary>What a model of these data takes and gives, for its card; null where no card describes it.</summary>
    internal ModelCard? Card { get; init; }

    /// <summary>Which classes are normal, for an autoencoder that finds what is not; empty for all.</summary>
    internal IReadOnlyList<string> Normal { get; init; } = [];

    /// <summary>Keeps back what to validate with, and fits what is learned from the training samples alone.</summary>
    internal DatasetSplit Split(TrainerOptions options) => options.Split(Train);

    /// <summary>SHA-256 over the number of training samples, their classes, and the content of up to 4,096 of them, evenly spread.</summary>
    internal string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[16];
        Dataset plain = Train.WithoutAugmentation();
        BinaryPrimitives.WriteInt64LittleEndian(number, plain.Count);
        hash.AppendData(number);
        int stride = Math.Max(1, plain.Count / FingerprintSamples);
        for (int index = 0; index < plain.Count; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, plain.ClassOf(index));
            hash.AppendData(number[..8]);
            if (index % stride == 0)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(number, plain.ContentHash(index));
                hash.AppendData(number);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
