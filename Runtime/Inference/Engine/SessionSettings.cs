namespace Edge.Inference;

/// <summary>How a model is to be run.</summary>
public sealed record SessionSettings
{
    /// <summary>The settings that hold where none are given.</summary>
    public static SessionSettings Default { get; } = new();

    /// <summary>Threads for one inference; 0 lets the engine take one a physical core.</summary>
    public int Threads { get; init; }

    /// <summary>Providers in the order in which they are tried; the CPU is behind them all.</summary>
    public IReadOnlyList<ExecutionProvider> Providers { get; init; } = [ExecutionProvider.Auto];

    /// <summary>How much the engine may rewrite the graph.</summary>
    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.All;

    /// <summary>True lets the engine's threads spin while they wait: faster for small models, at the price of CPU time.</summary>
    public bool AllowSpinning { get; init; } = true;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is negative or absurd.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, 1024);
        ArgumentNullException.ThrowIfNull(Providers);
    }
}
