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
    /// The most runs of different sessions that become one run of the engine, where the model leaves its batch open and a trial shows
    /// that this is faster than single runs side by side; 1 (no batches) to 64.
    /// </summary>
    public int MaximumBatch { get; init; } = 1;

    /// <summary>How long the first run of a batch waits for others, where others have run within the last second; 0 to 1 second.</summary>
    public TimeSpan BatchPatience { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// A folder for optimized models (and, with TensorRT, for its engines), so that the next start is faster; null for none.
    /// Whoever may write there decides what models compute: it must belong to the user that runs them.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">The number of threads, the batch or its patience is out of range, or the cache's folder has no name.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, 1024);
        ArgumentNullException.ThrowIfNull(Providers);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumBatch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaximumBatch, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchPatience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchPatience, TimeSpan.FromSeconds(1));
        if (CacheFolder is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(CacheFolder);
        }
    }
}
