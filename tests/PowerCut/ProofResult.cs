namespace Edge.PowerCut;

/// <summary>What the power cuts of one phase have shown.</summary>
internal sealed record ProofResult
{
    /// <summary>The phase.</summary>
    public required string Name { get; init; }

    /// <summary>Writes that reached the disk.</summary>
    public required int Writes { get; init; }

    /// <summary>Flushes that reached the disk.</summary>
    public required int Flushes { get; init; }

    /// <summary>States of the disk that were started from.</summary>
    public int CrashPoints { get; set; }

    /// <summary>Those of them in which writes since the last flush were lost or came in another order.</summary>
    public int DroppedWrites { get; set; }

    public int Failures { get; set; }

    public string? FirstFailure { get; set; }
}
