namespace Edge.Training.Data;

/// <summary>How a <see cref="BatchLoader"/> works.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples in a batch; the last of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Whether the samples are mixed anew every epoch.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Decides the order and every augmentation, together with the epoch and the sample's number.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that read samples; 0 takes one less than there are processors, at least 1. The batches do not depend on it.</summary>
    public int Workers { get; init; }

    /// <summary>Batches that may wait for the trainer, ready.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>What mixes samples of a batch, in this order; with any, targets are shares of classes.</summary>
    public IReadOnlyList<IBatchAugmentation> Mixing { get; init; } = [];

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="DataException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(BatchSize is >= 1 and <= 1 << 20, $"the batch size is {BatchSize}: use 1 to {1 << 20}");
        Check(Workers is >= 0 and <= 1024, $"{Workers} workers: use 0 to 1024");
        Check(Prefetch is >= 1 and <= 1024, $"{Prefetch} batches ahead: use 1 to 1024");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new DataException(message);
        }
    }
}
