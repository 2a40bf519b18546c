using Edge.Packages;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>
/// A model in the engine's memory, once, for as many <see cref="ModelSession"/>s as use it: each binds inputs and outputs of its
/// own. Thread-safe. The memory is given back when the model and all its sessions are disposed, in any order.
/// </summary>
public sealed class LoadedModel : IDisposable
{
    private readonly InputSpec? _spec;
    private readonly string? _cached;
    private int _users = 1;
    private int _disposed;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="settings">How it is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <param name="source">The model's name, for messages.</param>
    /// <exception cref="InferenceException">The engine is missing or refuses the model.</exception>
    public LoadedModel(ReadOnlyMemory<byte> model, SessionSettings? settings = null, string source = "model")
        : this(model, [], settings, source, spec: null)
    {
    }

    private LoadedModel(ReadOnlyMemory<byte> model, ReadOnlySpan<byte> modelHash, SessionSettings? settings, string source, InputSpec? spec)
    {
        settings ??= SessionSettings.Default;
        settings.Validate();
        Source = source;
        Threads = settings.Threads;
        _spec = spec;
        Engine = SessionFactory.Create(model, modelHash, settings, source, out ProviderReport report, out _cached);
        ProviderReport = report;
    }

    /// <summary>Who computes, and why nobody better does.</summary>
    public ProviderReport ProviderReport { get; }

    /// <summary>Threads of one inference: set, or found by a trial; 0 where the engine chose.</summary>
    public int Threads { get; }

    /// <summary>The most runs that become one run of the engine; 1 where there are no batches: not asked for, not possible, or not faster.</summary>
    public int Batch { get; private set; } = 1;

    /// <summary>Runs sessions together; null where there are no batches.</summary>
    internal BatchRunner? Batches { get; private set; }

    internal InferenceSession Engine { get; }

    internal string Source { get; }

    /// <summary>Loads the model of a package.</summary>
    /// <param name="package">The verified package.</param>
    /// <param name="settings">How it is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <exception cref="InferenceException">The engine is missing or refuses the model.</exception>
    public static LoadedModel Open(Package package, SessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        settings ??= SessionSettings.Default;
        byte[] hash = ModelHash(package);
        LoadedModel Load(SessionSettings chosen) => new(package.Model, hash, chosen, package.Source, package.Manifest.Input);
        LoadedModel model = settings is { Threads: 0, MeasureThreads: true } && Environment.ProcessorCount > 1
            ? ThreadTrial.Open(threads => Load(settings with { Threads = threads }))
            : Load(settings);
        try
        {
            model.TryBatches(settings);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Binds inputs and outputs to new memory.</summary>
    /// <returns>A session, which the caller disposes.</returns>
    /// <exception cref="InferenceException">An input has an open dimension beside the batch, or the model and its manifest differ.</exception>
    public ModelSession CreateSession()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        Interlocked.Increment(ref _users);
        return new ModelSession(this, _spec);
    }

    /// <summary>Lets go of the model; sessions of it go on.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Release();
        }
    }

    /// <summary>Lets go of the model in favour of the one session that is made next.</summary>
    internal LoadedModel HandOver()
    {
        _disposed = 1;
        return this;
    }

    /// <summary>A run failed: where the model came from the cache, the cache may be why, and the next load is of the model itself.</summary>
    internal void Distrust()
    {
        if (_cached is not null)
        {
            ModelCache.Forget(_cached);
        }
    }

    /// <summary>A session of it is disposed.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Batches?.Dispose();
            Engine.Dispose();
        }
    }

    /// <summary>Runs sessions together from now on, where that is faster.</summary>
    /// <exception cref="InferenceException">The model cannot be bound.</exception>
    internal void TryBatches(SessionSettings settings)
    {
        int cores = Environment.ProcessorCount;
        // What another device computes it computes one after the other.
        int lanes = ProviderReport.Active == ExecutionProvider.Cpu ? Math.Max(1, cores / (Threads == 0 ? cores : Threads)) : 1;
        if (settings.MaximumBatch > 1 && BatchTrial.IsWorthWhile(this, settings.MaximumBatch, lanes))
        {
            UseBatches(settings.MaximumBatch, settings.BatchPatience);
        }
    }

    /// <summary>Runs sessions that are made from now on together.</summary>
    internal void UseBatches(int most, TimeSpan patience)
    {
        using ModelSession sample = CreateSession();
#pragma warning disable CA2000 // Whoever releases the model last disposes it.
        (Batches, Batch) = (new BatchRunner(this, sample, most, patience), most);
#pragma warning restore CA2000
    }

    // The package was verified: its manifest knows the hash.
    private static byte[] ModelHash(Package package)
    {
        foreach (PackageFile file in package.Files)
        {
            if (file.Path == PackagePath.Model)
            {
                return Convert.FromHexString(file.Sha256);
            }
        }
        return [];
    }
}
