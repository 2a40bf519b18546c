using System.CommandLine;
using Edge.Inference;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;

namespace Edge.Runtime.Verbs;

/// <summary><c>--providers</c>, <c>--threads</c>, <c>--cache</c> and <c>--no-cache</c>.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string> _providers = new("--providers")
    {
        Description = "execution providers in the order in which they are tried: auto, tensorrt, cuda, xnnpack, acl, cpu",
        HelpName = "A,B",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<int> _threads = new("--threads") { Description = "threads of the engine; 0 lets it choose" };

    private readonly Option<string?> _cache = new("--cache") { Description = "a folder that keeps optimized models, for a faster start; the user's cache without it", HelpName = "DIR" };

    private readonly Option<bool> _noCache = new("--no-cache") { Description = "keep no optimized model" };

    internal void Apply(Command command)
    {
        command.Options.Add(_cache);
        command.Options.Add(_noCache);
        command.Options.Add(_providers);
        command.Options.Add(_threads);
    }

    /// <exception cref="InferenceException">A provider is not known.</exception>
    /// <exception cref="ConfigException">The number of threads cannot be.</exception>
    internal SessionSettings Resolve(ParseResult parsed)
    {
        int threads = parsed.GetValue(_threads);
        return threads is >= 0 and <= ConfigCheck.MaximumThreads
            ? new SessionSettings { Providers = Providers.Parse(parsed.GetValue(_providers)!), Threads = threads, CacheFolder = parsed.GetValue(_noCache) ? null : parsed.GetValue(_cache) ?? CacheHome.Find() }
            : throw new ConfigException($"--threads {threads}: give 0 (the engine chooses) to {ConfigCheck.MaximumThreads}");
    }
}
