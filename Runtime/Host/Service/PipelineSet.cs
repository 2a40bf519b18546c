using System.Text.Json;
using Edge.Foundation;
using Edge.Runtime.Configuration;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sinks;

namespace Edge.Runtime.Service;

/// <summary>
/// The pipelines of the moment, as the configuration describes them. Changes are made by one thread at a time; reading is
/// free for all.
/// </summary>
/// <param name="loader">Gives pipelines their models.</param>
/// <param name="uplink">The device's connection.</param>
/// <param name="ended">Called when a pipeline has ended.</param>
internal sealed class PipelineSet(ModelLoader loader, Uplink uplink, Action ended) : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private Pipeline[] _pipelines = [];
    private volatile bool _isChanging;

    /// <summary>The pipelines, in the order of the configuration.</summary>
    internal IReadOnlyList<Pipeline> All => Volatile.Read(ref _pipelines);

    internal FirstResult FirstResult { get; } = new();

    /// <summary>What wakes pipelines.</summary>
    internal Triggers Triggers => field ??= new Triggers(() => Volatile.Read(ref _pipelines));

    /// <summary>A pipeline by name, or null.</summary>
    internal Pipeline? Find(string name) => Array.Find(Volatile.Read(ref _pipelines), pipeline => pipeline.Name == name);

    /// <summary>Makes every pipeline and loads its model; nothing runs.</summary>
    /// <exception cref="InputException">No pipeline can work.</exception>
    internal void Create(RuntimeConfig config)
    {
        var made = new List<Pipeline>();
        InputException? first = null;
        int good = 0;
        foreach (PipelineConfig each in config.Pipelines)
        {
            try
            {
                Pipeline pipeline = Make(config, each);
                made.Add(pipeline);
                Volatile.Write(ref _pipelines, [.. made]);
                pipeline.Feed.Source.OpenNow();
                loader.Load(config, pipeline, each.Package, fresh: false);
                good++;
            }
            catch (InputException e)
            {
                first ??= e;
                if (config.Pipelines.Count > 1)
                {
                    Log.Error($"pipeline {each.Name}: {e.Message}: the others go on, it is tried again");
                    Find(each.Name)?.Delay(e.Message);
                }
            }
        }
        if (good == 0)
        {
            throw first!;
        }
    }

    internal void Start()
    {
        foreach (Pipeline pipeline in All)
        {
            pipeline.Start();
        }
    }

    /// <summary>Changes what differs between two configurations, and nothing else.</summary>
    /// <param name="before">The configuration that holds.</param>
    /// <param name="after">The one that is to hold.</param>
    /// <param name="removed">Gets the names of pipelines that are no more.</param>
    /// <returns>What did not work, one line each.</returns>
    internal IReadOnlyList<string> Change(RuntimeConfig before, RuntimeConfig after, List<string> removed)
    {
        _isChanging = true;
        try
        {
            return ChangeAll(before, after, removed);
        }
        finally
        {
            _isChanging = false;
            ended();
        }
    }

    private List<string> ChangeAll(RuntimeConfig before, RuntimeConfig after, List<string> removed)
    {
        var problems = new List<string>();
        var next = new List<Pipeline>();
        foreach (PipelineConfig config in after.Pipelines)
        {
            Pipeline? pipeline = Find(config.Name);
            try
            {
                if (pipeline is null || MustBeMadeAnew(before, after, pipeline, config))
                {
                    Remove(pipeline);
                    pipeline = null;
#pragma warning disable CA2000 // The set disposes it.
                    pipeline = Make(after, config);
#pragma warning restore CA2000
                    loader.TryLoad(after, pipeline, config.Package, fresh: false);
                    pipeline.Start();
                }
                else
                {
                    Change(before, after, pipeline, config);
                }
            }
            catch (InputException e)
            {
                problems.Add($"pipeline {config.Name}: {e.Message}");
            }
            if (pipeline is not null)
            {
                next.Add(pipeline);
            }
        }
        foreach (Pipeline pipeline in All)
        {
            if (!next.Contains(pipeline))
            {
                Remove(pipeline);
                removed.Add(pipeline.Name);
            }
        }
        removed.RemoveAll(name => next.Exists(pipeline => pipeline.Name == name));
        Volatile.Write(ref _pipelines, [.. next]);
        return problems;
    }

    /// <summary>Whether every pipeline's source is through.</summary>
    internal bool HaveAllEnded()
    {
        if (_isChanging)
        {
            return false;
        }
        foreach (Pipeline pipeline in All)
        {
            if (!pipeline.HasEnded)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Ends all pipelines.</summary>
    /// <exception cref="TimeoutException">One does not end.</exception>
    internal void Stop()
    {
        foreach (Pipeline pipeline in All)
        {
            pipeline.Stop();
        }
        foreach (Pipeline pipeline in All)
        {
            if (!pipeline.Join(StopPatience))
            {
                throw new TimeoutException($"pipeline {pipeline.Name} did not stop within {StopPatience.TotalSeconds} s");
            }
        }
    }

    public void Dispose()
    {
        foreach (Pipeline pipeline in All)
        {
            pipeline.Dispose();
        }
    }

    private Pipeline Make(RuntimeConfig config, PipelineConfig pipeline)
    {
        var made = new Pipeline(pipeline, ModelLoader.Workers(config, pipeline), OpenSinks(pipeline), FirstResult) { Triggers = Triggers };
        made.Ended += ended;
        return made;
    }

    private IResultSink[] OpenSinks(PipelineConfig config)
    {
        var sinks = new List<IResultSink>();
        try
        {
            foreach (SinkConfig sink in config.Sinks)
            {
                sinks.Add(sink.Type switch
                {
                    SinkConfig.Mqtt => new MqttSink(uplink, config.Name, sink),
                    SinkConfig.File => new RotatingFileSink(sink),
                    _ => new StdoutSink(sink),
                });
            }
            return [.. sinks];
        }
        catch
        {
            sinks.ForEach(sink => sink.Dispose());
            throw;
        }
    }

    /// <summary>What threads and feeds are made of cannot change under way.</summary>
    private static bool MustBeMadeAnew(RuntimeConfig before, RuntimeConfig after, Pipeline pipeline, PipelineConfig config) =>
        ModelLoader.Workers(before, pipeline.Config) != ModelLoader.Workers(after, config)
        || pipeline.Config.Source.IsLive != config.Source.IsLive
        || pipeline.Config.Quarantine != config.Quarantine
        || (pipeline.HasEnded && !Same(pipeline.Config.Source, config.Source));

    private void Change(RuntimeConfig before, RuntimeConfig after, Pipeline pipeline, PipelineConfig config)
    {
        PipelineConfig old = pipeline.Config;
        bool topics = before.Root != after.Root || before.Device != after.Device;
        bool engine = before.Threads != after.Threads || before.Engine != after.Engine || !Same(before.Providers, after.Providers) || old.TopK != config.TopK || !old.IsSameScene(config);
        if (topics || !Same(old.Sinks, config.Sinks))
        {
            pipeline.Replace(OpenSinks(config));
        }
        pipeline.Config = config;
        if (!Same(old.Source, config.Source))
        {
            pipeline.Feed.Source.Replace(config.Source);
        }
        if (old.Package != config.Package || engine || !Same(before.TrustedKeys, after.TrustedKeys))
        {
            loader.TryLoad(after, pipeline, old.Package != config.Package ? config.Package : pipeline.PackagePath, fresh: false);
        }
        if (old.Trigger != config.Trigger)
        {
            pipeline.Retrigger();
        }
        if (old.Threshold != config.Threshold)
        {
            pipeline.Threshold = config.Threshold;
        }
        if (old.Enabled != config.Enabled)
        {
            pipeline.Enable(config.Enabled);
        }
    }

    private void Remove(Pipeline? pipeline)
    {
        if (pipeline is not null)
        {
            Volatile.Write(ref _pipelines, Array.FindAll(_pipelines, other => other != pipeline));
            pipeline.Dispose();
            Log.Info($"pipeline {pipeline.Name}: ended by a change of the configuration");
        }
    }

    private static bool Same(SourceConfig a, SourceConfig b) =>
        JsonSerializer.Serialize(a, ConfigJsonContext.Default.SourceConfig) == JsonSerializer.Serialize(b, ConfigJsonContext.Default.SourceConfig);

    private static bool Same(IReadOnlyList<SinkConfig> a, IReadOnlyList<SinkConfig> b) =>
        JsonSerializer.Serialize(a, ConfigJsonContext.Default.IReadOnlyListSinkConfig) == JsonSerializer.Serialize(b, ConfigJsonContext.Default.IReadOnlyListSinkConfig);

    private static bool Same(IReadOnlyList<string> a, IReadOnlyList<string> b) => string.Join('\n', a) == string.Join('\n', b);
}
