using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Runtime.Service;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Configuration;

/// <summary>Looks at what a configuration names: keys, packages, files, folders, topics. Nothing is started and no network is used.</summary>
internal static class SurroundingsCheck
{
    internal static void Check(RuntimeConfig config, Problems problems)
    {
        for (int i = 0; i < config.TrustedKeys.Count; i++)
        {
            string key = config.TrustedKeys[i];
            problems.Try($"trustedKeys[{i}]", () => VerifyingKey.Load(key));
        }
        if (config.Broker is { } broker)
        {
            problems.Try("broker", () => MqttLink.Options(config, broker).Validate());
        }
        for (int i = 0; i < (config.Update?.FleetKeys.Count ?? 0); i++)
        {
            string key = config.Update!.FleetKeys[i];
            problems.Try($"update.fleetKeys[{i}]", () => VerifyingKey.Load(key));
        }
        if (config.Spool is { } spool)
        {
            string spoolFolder = Path.GetDirectoryName(spool.Path)!;
            problems.Require(Directory.Exists(spoolFolder), $"spool.path: {spoolFolder}: there is no such folder: make it");
        }
        if (config.Otlp is { } otlp)
        {
            CheckFile(otlp.AuthorizationFile, "otlp.authorizationFile", problems);
            CheckFile(otlp.CaFile, "otlp.caFile", problems);
        }
        problems.Require(!File.Exists(config.CacheFolder), $"cacheFolder: {config.CacheFolder}: is a file: give a folder");
        int before = problems.Count;
        PackageTrust? trust = null;
        if (before == 0)
        {
            problems.Try("trustedKeys", () => trust = PackageTrust.Load([.. config.TrustedKeys]));
        }
        var topics = new Topics(config.Root, config.Device);
        for (int i = 0; i < config.Pipelines.Count; i++)
        {
            CheckPipeline(config.Pipelines[i], $"pipelines[{i}]", topics, trust, problems);
            if (trust is not null && config.Pipelines[i].Trigger is { Pipeline: { } other } trigger)
            {
                problems.Try($"pipelines[{i}].trigger.column", () => CheckColumn(config, other, trigger.Column!, trust));
            }
        }
    }

    private static void CheckPipeline(PipelineConfig pipeline, string path, Topics topics, PackageTrust? trust, Problems problems)
    {
        problems.Try($"{path}.name", () => _ = new MqttTopic(topics.Result(pipeline.Name)));
        if (trust is not null)
        {
            problems.Try($"{path}.package", () => CheckModel(pipeline, path, Package.Open(pipeline.Package, trust), problems));
        }
        SourceConfig source = pipeline.Source;
        switch (source.Type)
        {
            case SourceConfig.Folder:
                problems.Try($"{path}.source.path", () => ImageList.OfFolder(source.Path!, source.Pattern));
                break;
            case SourceConfig.Images:
                problems.Try($"{path}.source.paths", () => ImageList.OfNames(source.Paths!));
                break;
            case SourceConfig.Csv:
                problems.Try($"{path}.source", () => new Sensors.CsvSource(source).Dispose());
                break;
            case SourceConfig.Raw:
                problems.Require(File.Exists(source.Path), $"{path}.source.path: {source.Path}: there is no such file or pipe: check the path");
                break;
            default:
                CheckFile(source.PasswordFile, $"{path}.source.passwordFile", problems);
                CheckFile(source.CaFile, $"{path}.source.caFile", problems);
                break;
        }
        for (int i = 0; i < pipeline.Sinks.Count; i++)
        {
            if (pipeline.Sinks[i].Path is { } file)
            {
                string folder = Path.GetDirectoryName(file)!;
                problems.Require(Directory.Exists(folder), $"{path}.sinks[{i}].path: {folder}: there is no such folder: make it");
                problems.Require(!Directory.Exists(file), $"{path}.sinks[{i}].path: {file}: is a folder: give a file");
            }
        }
    }

    private static void CheckModel(PipelineConfig pipeline, string path, Package package, Problems problems)
    {
        if (pipeline.Source.IsReadings)
        {
            Sensors.SensorTask.Check(package, pipeline);
        }
        else if (package.Manifest.Task is not (ModelTask.Classify or ModelTask.Detect))
        {
            throw new ConfigException($"{package.Source}: the package's task is {package.Manifest.Task}, which does not look at images: use a package that classifies images or detects");
        }
        if (pipeline.FollowsObjects && package.Manifest.Task != ModelTask.Detect)
        {
            throw new ConfigException($"{package.Source}: the package's task is {package.Manifest.Task}: only a detector's objects can be followed: take track, zones, lines and snapshot out");
        }
        // A package without labels has its classes numbered, and how many there are only the engine knows.
        if (package.Labels.Count > 0)
        {
            SceneCheck.CheckClasses(pipeline, package.Labels, problem => problems.Add($"{path}.{problem}"));
        }
    }

    private static void CheckColumn(RuntimeConfig config, string name, string column, PackageTrust trust)
    {
        foreach (PipelineConfig pipeline in config.Pipelines)
        {
            if (pipeline.Name == name && Package.Open(pipeline.Package, trust).Manifest.Sensor is { } spec)
            {
                foreach (string known in spec.Columns)
                {
                    if (string.Equals(known, column, StringComparison.OrdinalIgnoreCase))
                    {
                        return;
                    }
                }
                throw new ConfigException($"\"{column}\" is no column of {pipeline.Package}: known are {string.Join(", ", spec.Columns)}");
            }
        }
    }

    private static void CheckFile(string? file, string path, Problems problems)
    {
        if (file is not null)
        {
            try
            {
                File.OpenHandle(file).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{path}: {file}: cannot be read: check the path and its permissions");
            }
        }
    }
}
