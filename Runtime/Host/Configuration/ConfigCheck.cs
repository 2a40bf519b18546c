using Edge.Fleet.Protocol;
using Edge.Inference;

namespace Edge.Runtime.Configuration;

/// <summary>Checks what a configuration says, beyond its shape. Files are looked at where they are used.</summary>
internal static class ConfigCheck
{
    private const int MaximumPipelines = 64;
    private const int MaximumSinks = 8;
    private const int MaximumWorkers = 64;
    internal const int MaximumThreads = 256;
    internal const int MaximumTopK = 100;

    /// <summary>Levels below a device that mean something else than a pipeline.</summary>
    private static readonly string[] ReservedNames = ["status", "health", "update"];

    private static readonly string[] Protocols = [BrokerConfig.Automatic, BrokerConfig.V5, BrokerConfig.V311];

    private static readonly string[] PublishModes = [PipelineConfig.PublishEvery, PipelineConfig.PublishChange];

    private static readonly string[] MissingPolicies = [ReadingsConfig.ForwardFill, ReadingsConfig.Mean, ReadingsConfig.Drop];

    private static readonly string[] SinkContents = [SinkConfig.All, SinkConfig.Results, SinkConfig.Events];

    private static readonly string[] SinkTypes = [SinkConfig.Mqtt, SinkConfig.Stdout, SinkConfig.File];

    /// <summary>Checks a configuration.</summary>
    internal static void Check(RuntimeConfig config, Problems problems)
    {
        CheckName(config.Root, "root", "root", problems);
        CheckName(config.Device, "device", "device", problems);
        if (config.Broker is { } broker)
        {
            CheckBroker(broker, problems);
        }
        if (config.HomeAssistant is { } home)
        {
            CheckName(home.Prefix, "homeAssistant.prefix", "prefix", problems);
            problems.RequireOptionalText(home.Name, "homeAssistant.name");
            problems.Require(config.Broker is not null, "homeAssistant: is reached over MQTT, but there is no broker: add broker, or take homeAssistant out");
        }
        if (config.Spool is { } spool && problems.RequireText(spool.Path, "spool.path"))
        {
            problems.Require(config.Broker is not null, "spool: keeps what goes to the broker, but there is no broker: add broker, or take spool out");
            problems.Require(spool.MaximumBytes is >= 100_000 and <= 1L << 40, $"spool.maximumBytes: {spool.MaximumBytes}: give 100000 to {1L << 40}");
            CheckRange(spool.MaximumAgeSeconds, 0, 1e9, "spool.maximumAgeSeconds", problems);
            problems.Require(spool.ReplayPerSecond is >= 0 and <= 1_000_000, $"spool.replayPerSecond: {spool.ReplayPerSecond}: give 0 (as many as the broker takes) to 1000000");
        }
        problems.Require(config.TrustedKeys.Count > 0, "trustedKeys: empty: name the public key of whoever signs your packages");
        for (int i = 0; i < config.TrustedKeys.Count; i++)
        {
            problems.RequireText(config.TrustedKeys[i], $"trustedKeys[{i}]");
        }
        problems.Require(config.Pipelines.Count > 0, "pipelines: empty: describe at least one");
        problems.Require(config.Pipelines.Count <= MaximumPipelines, $"pipelines: more than {MaximumPipelines}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        int readers = 0;
        for (int i = 0; i < config.Pipelines.Count; i++)
        {
            CheckPipeline(config.Pipelines[i], $"pipelines[{i}]", config.Broker is not null, names, problems);
            readers += config.Pipelines[i].Source.Type == SourceConfig.Stdin ? 1 : 0;
        }
        GpioCheck.CheckLines(config, names, problems);
        for (int i = 0; i < config.Pipelines.Count; i++)
        {
            GpioCheck.CheckTrigger(config, config.Pipelines[i], $"pipelines[{i}]", problems);
        }
        problems.Require(readers <= 1, "pipelines: two read stdin: there is one only");
        problems.Require(config.Providers.Count > 0, "providers: empty: write [\"auto\"], or leave the field out");
        for (int i = 0; i < config.Providers.Count; i++)
        {
            string provider = config.Providers[i];
            problems.Try($"providers[{i}]", () => Providers.Parse(provider));
        }
        problems.Require(config.Threads is >= 0 and <= MaximumThreads, $"threads: {config.Threads}: give 0 (the runtime chooses) to {MaximumThreads}");
        CheckRange(config.Engine.Batch, 1, 64, "engine.batch", problems);
        CheckRange(config.Engine.BatchWaitMilliseconds, 0, 1000, "engine.batchWaitMilliseconds", problems);
        problems.RequireOptionalText(config.CacheFolder, "cacheFolder");
        problems.Require(config.Cache || config.CacheFolder is null, "cacheFolder: nothing is kept where cache is false: take one of the two out");
        CheckRange(config.Health.IntervalSeconds, 0.1, 86_400, "health.intervalSeconds", problems);
        CheckRange(config.Health.StuckSeconds, 1, 86_400, "health.stuckSeconds", problems);
        CheckRange(config.Health.MemoryLimitMB, 0, 1e9, "health.memoryLimitMB", problems);
        if (config.Update is { } update)
        {
            CheckUpdate(update, config.Broker is not null, problems);
        }
        if (config.Otlp is { } otlp)
        {
            SourceCheck.CheckUrl(otlp.Url, "otlp.url", problems);
            CheckRange(otlp.IntervalSeconds, 0.1, 86_400, "otlp.intervalSeconds", problems);
            problems.RequireOptionalText(otlp.AuthorizationFile, "otlp.authorizationFile");
            problems.RequireOptionalText(otlp.CaFile, "otlp.caFile");
        }
    }

    private static void CheckUpdate(UpdateConfig update, bool hasBroker, Problems problems)
    {
        problems.Require(hasBroker, "update: desired states come over MQTT, but there is no broker: add broker");
        problems.RequireText(update.Folder, "update.folder");
        problems.Require(update.FleetKeys.Count > 0, "update.fleetKeys: empty: name the public key of whoever signs desired states");
        for (int i = 0; i < update.FleetKeys.Count; i++)
        {
            problems.RequireText(update.FleetKeys[i], $"update.fleetKeys[{i}]");
        }
        for (int i = 0; i < update.Groups.Count; i++)
        {
            CheckName(update.Groups[i], $"update.groups[{i}]", "group", problems);
        }
        problems.Require(update.BytesPerSecond >= 0, $"update.bytesPerSecond: {update.BytesPerSecond}: give 0 (as many as come) or more");
        problems.Require(update.Window is null || Edge.Agent.DailyWindow.TryParse(update.Window, out _), $"update.window: \"{update.Window}\": give two times such as 02:00-05:00");
        CheckRange(update.ReserveMB, 0, 1e6, "update.reserveMB", problems);
        CheckRange(update.MinimumBatteryPercent, 0, 100, "update.minimumBatteryPercent", problems);
        CheckRange(update.MaximumTemperatureCelsius, 0, 200, "update.maximumTemperatureCelsius", problems);
    }

    internal static bool CheckRange(double value, double minimum, double maximum, string path, Problems problems) =>
        problems.Require(value >= minimum && value <= maximum, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}: {value}: give {minimum} to {maximum}"));

    private static void CheckBroker(BrokerConfig broker, Problems problems)
    {
        problems.RequireText(broker.Host, "broker.host");
        problems.Require(broker.Port is >= 0 and <= 65535, $"broker.port: {broker.Port}: give 1 to 65535");
        problems.Require(broker.KeepAliveSeconds is >= 5 and <= 65535, $"broker.keepAliveSeconds: {broker.KeepAliveSeconds}: give 5 to 65535");
        problems.RequireOneOf(broker.Protocol, Protocols, "broker.protocol");
        problems.Require(broker.SessionExpirySeconds is >= 0 and <= 315_360_000, $"broker.sessionExpirySeconds: {broker.SessionExpirySeconds}: give 0 (no session is kept) to 315360000");
        problems.Require(broker.SessionExpirySeconds == 0 || broker.Protocol != BrokerConfig.V311, "broker.sessionExpirySeconds: MQTT 3.1.1 has no such limit: take it out, or speak MQTT 5");
        problems.Require(broker.ReceiveMaximum is >= 1 and <= 65535, $"broker.receiveMaximum: {broker.ReceiveMaximum}: give 1 to 65535");
        problems.Require(broker.InFlightLimit is >= 1 and <= 10_000, $"broker.inFlightLimit: {broker.InFlightLimit}: give 1 to 10000");
        problems.RequireOptionalText(broker.PasswordVariable, "broker.passwordVariable");
        problems.Require(broker.PasswordFile is null || broker.PasswordVariable is null, "broker: both passwordFile and passwordVariable are given: keep one");
        problems.Require(broker.PasswordVariable is null || broker.UserName is not null, "broker.passwordVariable: a password needs a user: add broker.userName");
        problems.Require(broker.Psk is null || broker.Tls is null, "broker: both tls and psk are given: keep one");
        if (broker.Psk is { } psk)
        {
            problems.RequireText(psk.Identity, "broker.psk.identity");
            problems.RequireText(psk.KeyFile, "broker.psk.keyFile");
        }
        problems.Require(broker.PasswordFile is null || broker.UserName is not null, "broker.passwordFile: a password needs a user: add broker.userName");
        problems.RequireOptionalText(broker.ClientId, "broker.clientId");
        problems.RequireOptionalText(broker.UserName, "broker.userName");
        problems.RequireOptionalText(broker.PasswordFile, "broker.passwordFile");
        problems.RequireOptionalText(broker.Tls?.CaFile, "broker.tls.caFile");
        problems.RequireOptionalText(broker.Tls?.CertificateFile, "broker.tls.certificateFile");
        problems.RequireOptionalText(broker.Tls?.KeyFile, "broker.tls.keyFile");
        problems.Require(broker.Tls is null || broker.Tls.CertificateFile is null == broker.Tls.KeyFile is null,
            "broker.tls: certificateFile and keyFile belong together: give both or neither");
    }

    private static void CheckPipeline(PipelineConfig pipeline, string path, bool hasBroker, HashSet<string> names, Problems problems)
    {
        if (CheckName(pipeline.Name, $"{path}.name", "pipeline", problems))
        {
            problems.Require(names.Add(pipeline.Name), $"{path}.name: \"{pipeline.Name}\" is taken by another pipeline: choose another name");
            CheckReserved(pipeline.Name, path, problems);
        }
        problems.RequireText(pipeline.Package, $"{path}.package");
        problems.RequireOneOf(pipeline.Publish, PublishModes, $"{path}.publish");
        problems.Require(pipeline.TopK is null or (>= 1 and <= MaximumTopK), $"{path}.topK: {pipeline.TopK}: give 1 to {MaximumTopK}");
        CheckRange(pipeline.Threshold ?? 0, 0, 1, $"{path}.threshold", problems);
        problems.Require(pipeline.Workers is >= 0 and <= MaximumWorkers, $"{path}.workers: {pipeline.Workers}: give 0 (the runtime chooses) to {MaximumWorkers}");
        problems.Require(pipeline.Quarantine.Failures is >= 1 and <= 1000, $"{path}.quarantine.failures: {pipeline.Quarantine.Failures}: give 1 to 1000");
        CheckRange(pipeline.Quarantine.WindowSeconds, 0.1, 86_400, $"{path}.quarantine.windowSeconds", problems);
        CheckRange(pipeline.Quarantine.RetrySeconds, 0.1, 86_400, $"{path}.quarantine.retrySeconds", problems);
        CheckReadings(pipeline, path, problems);
        SceneCheck.Check(pipeline, path, problems);
        SourceCheck.Check(pipeline.Source, $"{path}.source", problems);
        problems.Require(pipeline.Sinks.Count is > 0 and <= MaximumSinks, $"{path}.sinks: {pipeline.Sinks.Count}: give 1 to {MaximumSinks}");
        for (int i = 0; i < pipeline.Sinks.Count; i++)
        {
            CheckSink(pipeline.Sinks[i], $"{path}.sinks[{i}]", hasBroker, problems);
        }
    }

    private static void CheckReadings(PipelineConfig pipeline, string path, Problems problems)
    {
        if (pipeline.Readings is not { } readings)
        {
            return;
        }
        path += ".readings";
        problems.Require(pipeline.Source.IsReadings, $"{path}: a source of the type {pipeline.Source.Type} gives images: take readings out");
        for (int i = 0; i < (readings.Columns?.Count ?? 0); i++)
        {
            problems.RequireText(readings.Columns![i], $"{path}.columns[{i}]");
        }
        problems.Require(readings.Stride is >= 1 and <= 1_000_000, $"{path}.stride: {readings.Stride}: give 1 to 1000000");
        CheckRange(readings.MaximumGapSeconds ?? 0, 0, 1e9, $"{path}.maximumGapSeconds", problems);
        problems.RequireOneOf(readings.Missing, MissingPolicies, $"{path}.missing");
        CheckRange(readings.MaximumAgeSeconds, 0, 1e9, $"{path}.maximumAgeSeconds", problems);
        CheckRange(readings.Hysteresis, 0, 1, $"{path}.hysteresis", problems);
        CheckRange(readings.MinimumSeconds, 0, 1e9, $"{path}.minimumSeconds", problems);
        CheckRange(readings.AnomalyThreshold ?? 0, 0, double.MaxValue, $"{path}.anomalyThreshold", problems);
    }

    private static void CheckSink(SinkConfig sink, string path, bool hasBroker, Problems problems)
    {
        if (!problems.RequireOneOf(sink.Type, SinkTypes, $"{path}.type"))
        {
            return;
        }
        problems.RequireOneOf(sink.Content, SinkContents, $"{path}.content");
        if (sink.Type == SinkConfig.File)
        {
            problems.Require(sink.Path is not null, $"{path}.path: missing: add it");
            problems.RequireOptionalText(sink.Path, $"{path}.path");
            problems.Require(sink.MaxBytes is >= 1000 and <= 1L << 40, $"{path}.maxBytes: {sink.MaxBytes}: give 1000 to {1L << 40}");
            problems.Require(sink.Keep is >= 0 and <= 1000, $"{path}.keep: {sink.Keep}: give 0 to 1000");
            return;
        }
        problems.Require(sink.Path is null, $"{path}.path: a sink of the type {sink.Type} has none: take it out");
        problems.Require(sink.Type != SinkConfig.Mqtt || hasBroker, $"{path}: results go over MQTT, but there is no broker: add broker, or give the pipeline other sinks");
    }

    internal static bool CheckReserved(string name, string path, Problems problems) =>
        problems.Require(Array.IndexOf(ReservedNames, name) < 0, $"{path}.name: \"{name}\" has a meaning of its own in topics: choose another name");

    internal static bool CheckName(string name, string path, string what, Problems problems) => problems.Try(path, () => TopicName.Check(name, what));
}
