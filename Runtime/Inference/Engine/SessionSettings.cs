namespace Edge.Inference;

/// <summary>How a model is to be run.</summary>
public sealed record SessionSettings
{
    /// <summary>The settings that hold where none are given.</summary>
    public static SessionSettings Default { get; } = new();

    /// <summary>Threads for one inference; 0 lets the engine take one a physical core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// True finds the number of threads out by a short trial when a package's model is loaded, where <see cref="Threads"/> is 0.
    /// The trial takes some 50 milliseconds, and the model's loading, for each number that is tried.
    /// </summary>
    public bool MeasureThreads { get; init; }

    /// <summary>Providers in the order in which they are tried; the CPU is behind them all.</summary>
    public IReadOnlyList<ExecutionProvider> Providers { get; init; } = [ExecutionProvider.Auto];

    /// <summary>How much the engine may rewrite the graph.</summary>
    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.All;

    /// <summary>True lets the engine's threads spin while they wait: faster for small models, at the price of CPU time.</summary>
    public bool AllowSpinning { get; init; } = true;

    /// <summary>
    /// True keeps memory between runs in the engine's own arena. Without it every run asks the system, which costs time and, with
    /// several threads, more memory than the arena.
    /// </summary>
    public bool Arena { get; init; } = true;

    /// <summary>True plans the memory of a run as one block, where shapes are fixed.</summary>
    public bool MemoryPattern { get; init; } = true;

    /// <summary>
    /// A folder for optimized models (and, with TensorRT, for its engines), so that the next start is faster; null for none.
    /// Whoever may write there decides what models compute: it must belong to the user that runs them.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">The number of threads is negative or absurd, or the cache's folder has no name.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, 1024);
        ArgumentNullException.ThrowIfNull(Providers);
        if (CacheFolder is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(CacheFolder);
        }
    }
}
