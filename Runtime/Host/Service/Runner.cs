using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Runtime.Configuration;
using Edge.Runtime.Gpio;
using Edge.Runtime.Health;
using Edge.Runtime.HomeAssistant;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Updates;

namespace Edge.Runtime.Service;

/// <summary>
/// The work of <c>edge-runtime run</c>: everything is checked and loaded, then started, then kept running, then ended.
/// </summary>
internal sealed class Runner : IDisposable
{
    private static readonly TimeSpan FirstConnectionPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromSeconds(10);

    private readonly string _configPath;
    private readonly StopSignal _stop = new();
    private readonly ManualResetEvent _wake = new(false);
    private readonly Uplink _uplink = new();
    private readonly JobQueue _jobs = new();
    private readonly Notifier _notifier = new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
    private readonly ModelStore _store = new();
    private readonly ModelLoader _loader;
    private readonly PipelineSet _pipelines;
    private readonly GpioPorts _gpio;
    private readonly Commands _commands;
    private readonly MemoryWatch _memory;
    private readonly Watchdog _watchdog;
    private readonly HealthReporter _health;
    private readonly Dictionary<string, PipelineState> _states = new(StringComparer.Ordinal);
    private readonly Discovery _discovery;
    private readonly long _heartbeat;
    private RuntimeConfig _config;
    private OtlpExporter? _otlp;
    private readonly UpdateService? _updates;
    private volatile bool _isStarted;
    private volatile bool _isReloadAsked;

    private Runner(RuntimeConfig config, string configPath)
    {
        (_config, _configPath) = (config, configPath);
        _loader = new ModelLoader(_store);
        _pipelines = new PipelineSet(_loader, _uplink, () => _wake.Set());
        if (config.Update is { } update)
        {
            _updates = new UpdateService(config, update, new ModelHost(_pipelines, _store, _loader, _jobs, () => _config));
            _loader.Trust = _ => _updates.Trust;
            _config = _updates.Resolve(config);
        }
        _gpio = new GpioPorts(_uplink, _pipelines.Triggers, BoardLines.Open);
        _commands = new Commands(_pipelines, _uplink, _jobs, _gpio, (pipeline, path) => _loader.TryLoad(_config, pipeline, path, fresh: false));
        _memory = new MemoryWatch(() => _config.Health.MemoryLimitMB);
        _watchdog = new Watchdog(_notifier, () => _pipelines.All, () => _config.Health.StuckSeconds);
        _health = new HealthReporter(_pipelines, _uplink, new MachineFacts("/", Path.GetDirectoryName(Path.GetFullPath(configPath))!), _memory, _watchdog, _gpio.Problems);
        _discovery = new Discovery(_uplink);
        TimeSpan? wanted = Notifier.WatchdogInterval(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"));
        _heartbeat = Math.Min(1000, (long)((wanted?.TotalMilliseconds ?? 2000) / 2));
    }

    /// <summary>Runs until every source is through or a signal asks to stop.</summary>
    /// <param name="configPath">The configuration.</param>
    /// <param name="statsPath">A file for the report, or null.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">The configuration is wrong, or no pipeline can work; nothing was started.</exception>
    internal static int Run(string configPath, string? statsPath)
    {
        using var engine = new EngineStart();
        using var runner = new Runner(ConfigFile.Load(configPath), configPath);
        return runner.Run(statsPath);
    }

    public void Dispose()
    {
        _updates?.Dispose();
        _jobs.Dispose();
        _otlp?.Dispose();
        _gpio.Dispose();
        _pipelines.Dispose();
        _uplink.Dispose();
        _notifier.Dispose();
        _stop.Dispose();
        _wake.Dispose();
    }

    private int Run(string? statsPath)
    {
        // Before anything takes time: until it is listened to, SIGHUP ends a process.
        using var reload = new ReloadSignal(AskForReload);
        // The connection is made while models are loaded: neither waits for the other.
        Connect();
        try
        {
            CreatePipelines();
        }
        catch (InputException)
        {
            _uplink.Link?.Close(FarewellPatience);
            throw;
        }
        if (UsesMqtt())
        {
            _uplink.Link?.WaitForFirstAttempt(FirstConnectionPatience, _stop.Token);
        }
        _uplink.Link?.TellOutages();
        _pipelines.Start();
        _gpio.Use(_config);
        _jobs.Post("settle", _store.Settle);
        _isStarted = true;
        if (_isReloadAsked)
        {
            _jobs.Post("reload", Reload);
        }
        _updates?.Start();
        StartOtlp();
        _notifier.Ready(Status());
        Watch();
        _notifier.Stopping();
        // It changes models through the jobs, so it ends before them.
        _updates?.Dispose();
        _gpio.Dispose();
        _pipelines.Stop();
        _jobs.Dispose();
        PublishHealth();
        _uplink.Close(DrainPatience);
        Report(statsPath);
        foreach (Pipeline pipeline in _pipelines.All)
        {
            if (pipeline.Model is null)
            {
                return ExitCode.Failure;
            }
        }
        return ExitCode.Success;
    }

    /// <summary>A release on trial that does not even load must not keep the device from running the one before.</summary>
    private void CreatePipelines()
    {
        try
        {
            _pipelines.Create(_config);
        }
        catch (InputException e) when (_updates?.GoBack(_config, e.Message) == true)
        {
            _pipelines.Dispose();
            _config = _updates.Resolve(ConfigFile.Load(_configPath));
            _pipelines.Create(_config);
        }
    }

    // While pipelines are made there is nothing to compare a new configuration with: it is read when they have started.
    private void AskForReload()
    {
        _isReloadAsked = true;
        if (_isStarted)
        {
            _jobs.Post("reload", Reload);
        }
    }

    private void Connect() => _uplink.Connect(
        _config,
        link =>
        {
            link.Connected += () => _jobs.Post("greet", Greet);
            _commands.Listen(link);
            _updates?.Attach(link);
        },
        DrainPatience);

    /// <summary>A connection stands: the broker may have forgotten what was retained.</summary>
    private void Greet()
    {
        foreach (Pipeline pipeline in _pipelines.All)
        {
            _commands.PublishState(pipeline);
        }
        _gpio.PublishStates();
        _discovery.Publish(_config, _pipelines.All, again: true);
        PublishHealth();
    }

    /// <summary>Keeps everything running until the end.</summary>
    private void Watch()
    {
        long nextHealth = Environment.TickCount64;
        long nextMemory = nextHealth + (long)MemoryInterval.TotalMilliseconds;
        WaitHandle[] events = [_stop.Token.WaitHandle, _wake];
        while (!_stop.Token.IsCancellationRequested && !_pipelines.HaveAllEnded())
        {
            _wake.Reset();
            long now = Environment.TickCount64;
            _watchdog.Look(feed: true);
            Tend();
            if (now >= nextMemory)
            {
                _memory.Look();
                nextMemory = now + (long)MemoryInterval.TotalMilliseconds;
            }
            if (now >= nextHealth)
            {
                _jobs.Post("health", PublishHealth);
                nextHealth = now + (long)(_config.Health.IntervalSeconds * 1000);
            }
            if (!_pipelines.HaveAllEnded())
            {
                WaitHandle.WaitAny(events, (int)Math.Clamp(nextHealth - now, 1, _heartbeat));
            }
        }
    }

    /// <summary>Tries again what is due to be tried again, and tells changes of state.</summary>
    private void Tend()
    {
        foreach (Pipeline pipeline in _pipelines.All)
        {
            if (pipeline.Quarantine.IsOver())
            {
                _jobs.Post($"retry {pipeline.Name}", () => EndQuarantine(pipeline));
            }
            else if (pipeline.Model is null && Environment.TickCount64 >= pipeline.RetryAt)
            {
                _jobs.Post($"retry {pipeline.Name}", () => RetryModel(pipeline));
            }
            pipeline.Tend();
            PipelineState state = pipeline.State;
            if (!_states.TryGetValue(pipeline.Name, out PipelineState told) || told != state)
            {
                _states[pipeline.Name] = state;
                _commands.PublishState(pipeline);
                _notifier.Status(Status());
                _jobs.Post("discovery", () => _discovery.Publish(_config, _pipelines.All, again: false));
            }
        }
    }

    private void RetryModel(Pipeline pipeline)
    {
        if (pipeline.Model is null)
        {
            _loader.TryLoad(_config, pipeline, pipeline.PackagePath, fresh: false);
        }
    }

    private void EndQuarantine(Pipeline pipeline)
    {
        if (pipeline.Quarantine.IsOver())
        {
            // A session that failed may stay broken (a device that was lost): the next try is on a new one.
            _loader.TryLoad(_config, pipeline, pipeline.PackagePath, fresh: true);
            pipeline.Quarantine.Lift();
            pipeline.OpenDoor();
        }
    }

    private void Reload()
    {
        _notifier.Reloading();
        var problems = new Problems();
        RuntimeConfig? after = ConfigFile.Examine(_configPath, problems);
        var failures = new List<string>(problems.Lines);
        if (after is not null)
        {
            Change(_updates?.Resolve(after) ?? after, failures);
        }
        foreach (string failure in failures)
        {
            Log.Error($"{_configPath}: {failure}");
        }
        _health.Reloads++;
        _health.ConfigError = failures.Count > 0 ? failures[0] : null;
        Log.Info(after is null ? "SIGHUP: the configuration before holds" : "SIGHUP: the configuration was read again");
        Greet();
        _notifier.Ready(Status());
    }

    private void Change(RuntimeConfig after, List<string> failures)
    {
        RuntimeConfig before = _config;
        try
        {
            _config = after;
            if (before.Root != after.Root || before.Device != after.Device || before.Broker != after.Broker)
            {
                Connect();
                _uplink.Link?.TellOutages();
            }
        }
        catch (InputException e)
        {
            _config = before;
            failures.Add(e.Message);
            return;
        }
        var removed = new List<string>();
        failures.AddRange(_pipelines.Change(before, after, removed));
        _gpio.Use(after);
        foreach (string name in removed)
        {
            // An empty retained message takes the old one away.
            _uplink.Retain(_uplink.Topics.State(name), []);
        }
        if (before.Otlp != after.Otlp || before.Device != after.Device)
        {
            StartOtlp();
        }
        _memory.Restart();
    }

    private void StartOtlp()
    {
        _otlp?.Dispose();
        _otlp = _config.Otlp is { } otlp ? new OtlpExporter(otlp, _config.Device, () => _health.Latest) : null;
    }

    private void PublishHealth() => _uplink.Retain(_uplink.Topics.Health, _health.Look().ToUtf8());

    private bool UsesMqtt()
    {
        foreach (PipelineConfig pipeline in _config.Pipelines)
        {
            foreach (SinkConfig sink in pipeline.Sinks)
            {
                if (sink.Type == SinkConfig.Mqtt)
                {
                    return true;
                }
            }
        }
        return false;
    }

    private string Status()
    {
        var parts = new List<string>();
        foreach (Pipeline pipeline in _pipelines.All)
        {
            parts.Add($"{pipeline.Name} {pipeline.State.ToString().ToLowerInvariant()}");
        }
        return string.Join(", ", parts);
    }

    private void Report(string? statsPath)
    {
        var reports = new List<PipelineReport>();
        foreach (Pipeline pipeline in _pipelines.All)
        {
            PipelineReport report = PipelineReport.From(pipeline);
            reports.Add(report);
            Log.Info(RunReportText.Line(report));
        }
        var run = new RunReport
        {
            Device = _config.Device,
            Version = Product.Version,
            Engine = Product.Engine,
            FirstResultMs = _pipelines.FirstResult.Milliseconds,
            RssMB = Math.Round(ProcessFacts.ResidentMegabytes, 1),
            PeakRssMB = Math.Round(ProcessFacts.PeakResidentMegabytes, 1),
            Mqtt = _uplink.Link?.Counters,
            Pipelines = reports,
        };
        Log.Info(RunReportText.Line(run));
        if (statsPath is not null)
        {
            RunReportText.Write(run, statsPath);
        }
    }
}
