using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>Makes the engine's sessions: options from settings, providers with fall-back, errors in one line.</summary>
internal static class SessionFactory
{
    private static readonly ExecutionProvider[] Automatic = [ExecutionProvider.Cuda, ExecutionProvider.Cpu];

    /// <param name="model">The model.</param>
    /// <param name="modelHash">Its SHA-256 where somebody knows it already; otherwise empty.</param>
    /// <param name="settings">How it is run.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="report">Gets who computes.</param>
    /// <param name="cached">Gets the file of the optimized model that was loaded in its place; null where it was loaded itself.</param>
    /// <exception cref="InferenceException">The engine is missing or refuses the model.</exception>
    internal static InferenceSession Create(ReadOnlyMemory<byte> model, ReadOnlySpan<byte> modelHash, SessionSettings settings, string source, out ProviderReport report, out string? cached)
    {
        EngineEnvironment.Prepare();
        if (model.IsEmpty)
        {
            throw new InferenceException($"{source}: the model is empty; make it again");
        }
        ModelCache? cache = settings.CacheFolder is { } folder ? new ModelCache(folder, modelHash.IsEmpty ? SHA256.HashData(model.Span) : modelHash, settings) : null;
        var tried = new List<ProviderStatus>();
        var refused = new HashSet<ExecutionProvider>();
        while (true)
        {
            tried.RemoveAll(status => !refused.Contains(status.Provider));
            using SessionOptions options = Options(settings, settings.Optimization);
            ExecutionProvider last = AppendProviders(options, settings, tried);
            try
            {
                // What other providers make of a graph cannot be saved.
                InferenceSession session = cache is not null && last == ExecutionProvider.Cpu
                    ? cache.Create(model, isRaw => Options(settings, isRaw ? settings.Optimization : OptimizationLevel.None))
                    : new(model.ToArray(), options);
                (report, cached) = (new ProviderReport(tried), cache?.UsedPath);
                return session;
            }
            catch (OnnxRuntimeException exception) when (last != ExecutionProvider.Cpu)
            {
                // The provider loads but cannot take this model or this device: go on without it.
                tried[tried.FindIndex(status => status.Provider == last)] = new ProviderStatus(last, false, EngineEnvironment.Reason(exception));
                refused.Add(last);
            }
            catch (OnnxRuntimeException exception)
            {
                throw new InferenceException($"{source}: the engine cannot load the model ({EngineEnvironment.Reason(exception)}); check the file with `edge inspect`", exception);
            }
        }
    }

    /// <summary>Appends what has not been refused; returns the first provider that was accepted.</summary>
    private static ExecutionProvider AppendProviders(SessionOptions options, SessionSettings settings, List<ProviderStatus> tried)
    {
        var active = ExecutionProvider.Cpu;
        var seen = new HashSet<ExecutionProvider>();
        foreach (ProviderStatus status in tried)
        {
            seen.Add(status.Provider);
        }
        foreach (ExecutionProvider asked in settings.Providers)
        {
            foreach (ExecutionProvider provider in asked == ExecutionProvider.Auto ? Automatic : [asked])
            {
                if (!seen.Add(provider))
                {
                    continue;
                }
                ProviderStatus status = Providers.TryAppend(options, provider, settings.CacheFolder);
                tried.Add(status);
                if (status.IsUsable && active == ExecutionProvider.Cpu)
                {
                    active = provider;
                }
            }
        }
        return active;
    }

    private static SessionOptions Options(SessionSettings settings, OptimizationLevel level)
    {
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = level switch
            {
                OptimizationLevel.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                OptimizationLevel.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                OptimizationLevel.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
        };
        if (settings.Threads > 0 || Environment.ProcessorCount == 1)
        {
            // The engine counts the machine's cores, not those that this process may use.
            options.IntraOpNumThreads = Math.Max(settings.Threads, 1);
        }
        options.EnableCpuMemArena = settings.Arena;
        options.EnableMemoryPattern = settings.MemoryPattern;
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", (settings.AllowSpinning ? 1 : 0).ToString(CultureInfo.InvariantCulture));
        return options;
    }
}
