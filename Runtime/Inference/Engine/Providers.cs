using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>Names of providers, and which of them the loaded engine can use on this machine.</summary>
public static class Providers
{
    private static readonly ExecutionProvider[] Known =
        [ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.XnnPack, ExecutionProvider.Acl, ExecutionProvider.Cpu];

    /// <summary>The name in configurations: auto, tensorrt, cuda, xnnpack, acl or cpu.</summary>
    /// <param name="provider">The provider.</param>
    public static string Name(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Auto => "auto",
        ExecutionProvider.TensorRt => "tensorrt",
        ExecutionProvider.Cuda => "cuda",
        ExecutionProvider.XnnPack => "xnnpack",
        ExecutionProvider.Acl => "acl",
        _ => "cpu",
    };

    /// <summary>Reads a list such as <c>tensorrt,cuda,cpu</c>.</summary>
    /// <param name="text">Names with commas between them.</param>
    /// <exception cref="InferenceException">A name is not known.</exception>
    public static IReadOnlyList<ExecutionProvider> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var providers = new ExecutionProvider[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            providers[i] = Find(names[i]) ?? throw new InferenceException($"the provider '{names[i]}' is not known; use auto, tensorrt, cuda, xnnpack, acl or cpu");
        }
        return providers.Length > 0 ? providers : throw new InferenceException("no provider is named; use auto, tensorrt, cuda, xnnpack, acl or cpu");
    }

    /// <summary>Tries every provider on the loaded engine; for diagnosis.</summary>
    /// <exception cref="InferenceException">The engine's library is missing.</exception>
    public static IReadOnlyList<ProviderStatus> Probe()
    {
        EngineEnvironment.Prepare();
        var statuses = new ProviderStatus[Known.Length];
        for (int i = 0; i < Known.Length; i++)
        {
            using var options = new SessionOptions();
            statuses[i] = TryAppend(options, Known[i], cacheFolder: null);
        }
        return statuses;
    }

    /// <summary>Adds a provider to the options, or says why it cannot be.</summary>
    internal static ProviderStatus TryAppend(SessionOptions options, ExecutionProvider provider, string? cacheFolder)
    {
        if (provider == ExecutionProvider.Cpu)
        {
            return new ProviderStatus(provider, true);
        }
        if (Array.IndexOf(OrtEnv.Instance().GetAvailableProviders(), EngineName(provider)) < 0)
        {
            return new ProviderStatus(provider, false, "the engine was built without it");
        }
        try
        {
            Append(options, provider, cacheFolder);
            return new ProviderStatus(provider, true);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            return new ProviderStatus(provider, false, EngineEnvironment.Reason(exception));
        }
    }

    private static void Append(SessionOptions options, ExecutionProvider provider, string? cacheFolder)
    {
        switch (provider)
        {
            case ExecutionProvider.TensorRt:
                AppendTensorRt(options, cacheFolder);
                break;
            case ExecutionProvider.Cuda:
                options.AppendExecutionProvider_CUDA();
                break;
            case ExecutionProvider.XnnPack:
                options.AppendExecutionProvider("XNNPACK");
                break;
            default:
                AppendAcl(options);
                break;
        }
    }

    // TensorRT compiles a model for minutes; its engines are kept where other optimized models are.
    private static void AppendTensorRt(SessionOptions options, string? cacheFolder)
    {
        using var tensorRt = new OrtTensorRTProviderOptions();
        if (cacheFolder is not null)
        {
            tensorRt.UpdateOptions(new Dictionary<string, string>
            {
                ["trt_engine_cache_enable"] = "1",
                ["trt_engine_cache_path"] = cacheFolder,
                ["trt_timing_cache_enable"] = "1",
                ["trt_timing_cache_path"] = cacheFolder,
            });
        }
        options.AppendExecutionProvider_Tensorrt(tensorRt);
    }

    // OrtStatus* OrtSessionOptionsAppendExecutionProvider_ACL(OrtSessionOptions*, bool fastMath): the managed API lacks it.
    private static unsafe void AppendAcl(SessionOptions options)
    {
        var append = (delegate* unmanaged<nint, byte, nint>)EngineEnvironment.Export("OrtSessionOptionsAppendExecutionProvider_ACL");
        if (append is null)
        {
            throw new EntryPointNotFoundException("the engine does not export it");
        }
        if (append(options.DangerousGetHandle(), 0) != 0)
        {
            throw new NotSupportedException("the engine refused it");
        }
        GC.KeepAlive(options);
    }

    private static string EngineName(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.TensorRt => "TensorrtExecutionProvider",
        ExecutionProvider.Cuda => "CUDAExecutionProvider",
        ExecutionProvider.XnnPack => "XnnpackExecutionProvider",
        ExecutionProvider.Acl => "ACLExecutionProvider",
        _ => "CPUExecutionProvider",
    };

    private static ExecutionProvider? Find(string name)
    {
        for (var provider = ExecutionProvider.Auto; provider <= ExecutionProvider.Cpu; provider++)
        {
            if (Name(provider).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return provider;
            }
        }
        return null;
    }
}
