using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;

namespace Edge.Runtime.Health;

/// <summary>Puts together how the device is. One thread at a time.</summary>
/// <param name="pipelines">The pipelines of the moment.</param>
/// <param name="uplink">The device's connection.</param>
/// <param name="machine">The machine.</param>
/// <param name="memory">Memory.</param>
/// <param name="watchdog">What is stuck.</param>
/// <param name="lines">What is wrong with the lines of the board.</param>
internal sealed class HealthReporter(PipelineSet pipelines, Uplink uplink, MachineFacts machine, MemoryWatch memory, Watchdog watchdog, Func<IEnumerable<string>> lines)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private HealthMessage? _latest;

    /// <summary>The last message; null before the first.</summary>
    internal HealthMessage? Latest => Volatile.Read(ref _latest);

    /// <summary>How often the configuration was read again.</summary>
    internal long Reloads { get; set; }

    /// <summary>Why the last reading failed.</summary>
    internal string? ConfigError { get; set; }

    /// <summary>Looks at everything and begins a new interval.</summary>
    internal HealthMessage Look()
    {
        var list = new List<PipelineHealth>();
        var problems = new List<string>();
        foreach (Pipeline pipeline in pipelines.All)
        {
            PipelineHealth health = Look(pipeline);
            list.Add(health);
            Judge(pipeline, health, problems);
        }
        problems.AddRange(watchdog.Stuck);
        problems.AddRange(lines());
        MachineHealth machineHealth = machine.Look(memory.BaselineMB);
        AddIf(problems, memory.Problem);
        AddIf(problems, machineHealth.Throttled == true ? $"the processor is slowed down: {string.Join(", ", machineHealth.Throttling)}" : null);
        AddIf(problems, ConfigError is { } error ? $"configuration: {error}" : null);
        BrokerHealth? broker = Broker();
        AddIf(problems, broker is { Connected: false } ? $"mqtt: not connected: {broker.LastError ?? "no answer yet"}" : null);
        var message = new HealthMessage
        {
            Time = TimeProvider.System.GetUtcNow(),
            UptimeSeconds = Math.Round(Stopwatch.GetElapsedTime(_start).TotalSeconds, 1),
            Version = Product.Version,
            Engine = Product.Engine,
            Ok = problems.Count == 0,
            Problems = problems,
            Machine = machineHealth,
            Mqtt = broker,
            Config = new ConfigHealth { Reloads = Reloads, Error = ConfigError },
            Pipelines = list,
        };
        Volatile.Write(ref _latest, message);
        return message;
    }

    private static PipelineHealth Look(Pipeline pipeline)
    {
        PipelineCounters stats = pipeline.Stats;
        (PipelineLatency? latency, double rate, DriftHealth? drift) = stats.Look();
        return new PipelineHealth
        {
            Name = pipeline.Name,
            State = pipeline.State,
            Model = pipeline.Model?.Reference,
            Provider = pipeline.Model?.Provider,
            Workers = pipeline.Workers,
            Frames = new FrameCounts(pipeline.Feed.Given, stats.Results, stats.Spoilt + stats.ModelFailures, pipeline.Feed.Dropped, stats.Published, stats.Lost),
            FramesPerSecond = rate,
            LatencyMs = latency,
            Source = new SourceHealth
            {
                Name = pipeline.Feed.Source.Name,
                Open = pipeline.Feed.Source.IsOpen,
                Restarts = pipeline.Feed.Source.Restarts,
                LastError = pipeline.Feed.Source.LastError,
                LastErrorTime = pipeline.Feed.Source.LastErrorTime,
            },
            ModelHealth = new ModelHealth
            {
                Failures = stats.ModelFailures,
                Quarantines = pipeline.Quarantine.Count,
                Swaps = stats.Swaps,
                FailedSwaps = stats.FailedSwaps,
                LastError = pipeline.ModelError ?? stats.LastModelError,
            },
            Drift = drift,
            Scene = pipeline.Config.FollowsObjects ? stats.Scene() : null,
        };
    }

    private static void Judge(Pipeline pipeline, PipelineHealth health, List<string> problems)
    {
        AddIf(problems, health.State switch
        {
            PipelineState.Failed => $"pipeline {health.Name}: no model: {pipeline.ModelError}",
            PipelineState.Quarantined => $"pipeline {health.Name}: the model is in quarantine: {health.ModelHealth.LastError}",
            PipelineState.Waiting => $"pipeline {health.Name}: no frames: {health.Source.LastError ?? "the source is not open yet"}",
            _ => pipeline.ModelError is { } error ? $"pipeline {health.Name}: the model was not changed: {error}" : null,
        });
    }

    private BrokerHealth? Broker()
    {
        if (uplink.Link is not { } link)
        {
            return null;
        }
        MqttCounters counters = link.Counters;
        return new BrokerHealth
        {
            Connected = link.IsConnected,
            Reconnects = counters.Reconnects,
            Published = counters.Published,
            Acknowledged = counters.Acknowledged,
            Dropped = link.Dropped,
            Waiting = uplink.Spool.Waiting,
            LastError = link.LastError,
        };
    }

    private static void AddIf(List<string> problems, string? problem)
    {
        if (problem is not null)
        {
            problems.Add(problem);
        }
    }
}
