namespace Edge.Quantizer.Calibration;

/// <summary>How calibration runs.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// How many bytes of observed activations one pass may hold beside what the model needs anyway; a single activation that is
    /// larger gets a pass of its own.
    /// </summary>
    public long TapBytes { get; init; } = 320L << 20;

    /// <summary>Stops between two batches.</summary>
    public CancellationToken Cancellation { get; init; }
}
