using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Inference;

namespace Edge.Runtime.Configuration;

/// <summary>Checks what a configuration says, beyond its shape. Files are looked at where they are used.</summary>
internal static class ConfigCheck
{
    private const int MaximumPipelines = 64;
    internal const int MaximumThreads = 256;
    internal const int MaximumTopK = 100;
    private const double MaximumFramesPerSecond = 10_000;

    /// <summary>Levels below a device that mean something else than a pipeline.</summary>
    private static readonly string[] ReservedNames = ["status", "health", "update"];

    private static readonly string[] PublishModes = [PipelineConfig.PublishEvery, PipelineConfig.PublishChange];

    private static readonly string[] SourceTypes = [SourceConfig.Folder];

    /// <summary>Checks a configuration.</summary>
    /// <exception cref="ConfigException">A value cannot work.</exception>
    internal static void Check(RuntimeConfig config)
    {
        CheckName(config.Root, "root", "root");
        CheckName(config.Device, "device", "device");
        CheckBroker(config.Broker);
        Require(config.TrustedKeys.Count > 0, "trustedKeys: empty: name the public key of whoever signs your packages");
        for (int i = 0; i < config.TrustedKeys.Count; i++)
        {
            RequireText(config.TrustedKeys[i], $"trustedKeys[{i}]");
        }
        Require(config.Pipelines.Count > 0, "pipelines: empty: describe at least one");
        Require(config.Pipelines.Count <= MaximumPipelines, $"pipelines: more than {MaximumPipelines}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < config.Pipelines.Count; i++)
        {
            CheckPipeline(config.Pipelines[i], $"pipelines[{i}]", names);
        }
        Require(config.Providers.Count > 0, "providers: empty: write [\"auto\"], or leave the field out");
        CheckProviders(config.Providers);
        Require(config.Threads is >= 0 and <= MaximumThreads, $"threads: {config.Threads}: give 0 (the engine chooses) to {MaximumThreads}");
    }

    private static void CheckBroker(BrokerConfig broker)
    {
        RequireText(broker.Host, "broker.host");
        Require(broker.Port is >= 0 and <= 65535, $"broker.port: {broker.Port}: give 1 to 65535");
        Require(broker.KeepAliveSeconds is >= 5 and <= 65535, $"broker.keepAliveSeconds: {broker.KeepAliveSeconds}: give 5 to 65535");
        Require(broker.PasswordFile is null || broker.UserName is not null, "broker.passwordFile: a password needs a user: add broker.userName");
        RequireOptionalText(broker.ClientId, "broker.clientId");
        RequireOptionalText(broker.UserName, "broker.userName");
        RequireOptionalText(broker.PasswordFile, "broker.passwordFile");
        RequireOptionalText(broker.Tls?.CaFile, "broker.tls.caFile");
        RequireOptionalText(broker.Tls?.CertificateFile, "broker.tls.certificateFile");
        RequireOptionalText(broker.Tls?.KeyFile, "broker.tls.keyFile");
        Require(broker.Tls is null || broker.Tls.CertificateFile is null == broker.Tls.KeyFile is null,
            "broker.tls: certificateFile and keyFile belong together: give both or neither");
    }

    private static void CheckPipeline(PipelineConfig pipeline, string path, HashSet<string> names)
    {
        CheckName(pipeline.Name, $"{path}.name", "pipeline");
        Require(names.Add(pipeline.Name), $"{path}.name: \"{pipeline.Name}\" is taken by another pipeline: choose another name");
        Require(Array.IndexOf(ReservedNames, pipeline.Name) < 0,
            $"{path}.name: \"{pipeline.Name}\" has a meaning of its own in topics: choose another name");
        RequireText(pipeline.Package, $"{path}.package");
        RequireOneOf(pipeline.Publish, PublishModes, $"{path}.publish");
        Require(pipeline.TopK is null or (>= 1 and <= MaximumTopK), $"{path}.topK: {pipeline.TopK}: give 1 to {MaximumTopK}");
        RequireOneOf(pipeline.Source.Type, SourceTypes, $"{path}.source.type");
        RequireText(pipeline.Source.Path, $"{path}.source.path");
        if (pipeline.Source.Pattern is { } pattern)
        {
            RequireText(pattern, $"{path}.source.pattern");
            Require(!pattern.Contains('/', StringComparison.Ordinal), $"{path}.source.pattern: holds '/': it matches names in one folder; put the folder into source.path");
        }
        double rate = pipeline.Source.FramesPerSecond;
        Require(rate is >= 0 and <= MaximumFramesPerSecond, $"{path}.source.framesPerSecond: {rate}: give 0 (as fast as possible) to {MaximumFramesPerSecond}");
    }

    private static void CheckProviders(IReadOnlyList<string> providers)
    {
        for (int i = 0; i < providers.Count; i++)
        {
            try
            {
                Providers.Parse(providers[i]);
            }
            catch (InferenceException e)
            {
                throw new ConfigException($"providers[{i}]: {e.Message}", e);
            }
        }
    }

    private static void CheckName(string name, string path, string what)
    {
        try
        {
            TopicName.Check(name, what);
        }
        catch (ProtocolException e)
        {
            throw new ConfigException($"{path}: {e.Message}", e);
        }
    }

    private static void RequireOneOf(string value, string[] known, string path)
    {
        if (Array.IndexOf(known, value) < 0)
        {
            string hint = NearestName.Of(value, known) is { } nearest ? $"did you mean \"{nearest}\"?" : $"known are {string.Join(", ", known)}";
            throw new ConfigException($"{path}: \"{value}\": {hint}");
        }
    }

    private static void RequireOptionalText(string? text, string path)
    {
        if (text is not null)
        {
            RequireText(text, path);
        }
    }

    private static void RequireText(string text, string path)
    {
        Require(text.Length > 0, $"{path}: empty: fill it in");
        Require(!text.Contains('\0', StringComparison.Ordinal), $"{path}: holds a zero character: take it out");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ConfigException(message);
        }
    }
}
