namespace Edge.Inference.Sensors;

/// <summary>How readings become windows.</summary>
public sealed record WindowOptions
{
    /// <summary>A window is looked at every so many readings; 1 or more.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Two readings that are further apart belong to no window together; zero for any distance. Time that goes back always parts them.</summary>
    public TimeSpan MaximumGap { get; init; }

    /// <summary>What becomes of missing values.</summary>
    public MissingReading Missing { get; init; }

    /// <summary>How old a value may be that stands in for a missing one; zero for any age.</summary>
    public TimeSpan MaximumAge { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumGap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumAge, TimeSpan.Zero);
    }
}
