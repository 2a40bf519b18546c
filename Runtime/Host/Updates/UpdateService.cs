using Edge.Agent;
using Edge.Foundation;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;
using Edge.Runtime.Service;

namespace Edge.Runtime.Updates;

/// <summary>
/// The update agent of a run. The configuration names the packages that the device was delivered with; which release of them is
/// loaded is the agent's to say.
/// </summary>
internal sealed class UpdateService : IDisposable
{
    private readonly UpdateAgent _agent;
    private readonly ModelHost _host;
    private readonly RuntimeConfig _config;

    /// <exception cref="InputException">A key or the folder cannot be used.</exception>
    internal UpdateService(RuntimeConfig config, UpdateConfig update, ModelHost host)
    {
        (_config, _host) = (config, host);
        var gate = new PowerGate("/", update.MinimumBatteryPercent, update.MaximumTemperatureCelsius);
        var options = new AgentOptions
        {
            Root = config.Root,
            Device = config.Device,
            Groups = update.Groups,
            Folder = update.Folder,
            PackageKeys = config.TrustedKeys,
            FleetKeys = update.FleetKeys,
            RuntimeVersion = Product.Version,
            BytesPerSecond = update.BytesPerSecond,
            ReserveBytes = (long)(update.ReserveMB * 1e6),
            Window = update.Window is { } text && DailyWindow.TryParse(text, out DailyWindow window) ? window : null,
            Gate = gate.Look,
        };
        _agent = new UpdateAgent(options, host, line => Log.Info($"update: {Log.OneLine(line)}"));
    }

    /// <summary>Whose packages may be loaded.</summary>
    internal PackageTrust Trust => _agent.Trust;

    /// <summary>A configuration with the packages that are to run in place of those that were delivered.</summary>
    internal RuntimeConfig Resolve(RuntimeConfig config)
    {
        if (config.Update != _config.Update || config.Device != _config.Device || config.Root != _config.Root)
        {
            Log.Warning("update: another device, root or update section holds from the next start on");
        }
        var pipelines = new PipelineConfig[config.Pipelines.Count];
        for (int i = 0; i < pipelines.Length; i++)
        {
            pipelines[i] = Resolve(config.Pipelines[i]);
        }
        return config with { Pipelines = pipelines };
    }

    /// <summary>Pipelines cannot be made: where a release on trial is the reason, the one before takes its place.</summary>
    /// <returns>Whether it is worth another try.</returns>
    internal bool GoBack(RuntimeConfig config, string reason)
    {
        bool back = false;
        foreach (PipelineConfig pipeline in config.Pipelines)
        {
            back |= pipeline.PackageName is { } name && _agent.FailTrial(name, reason) is not null;
        }
        return back;
    }

    /// <summary>Uses a connection.</summary>
    internal void Attach(MqttLink link) => _agent.Attach(link.Client);

    /// <summary>Starts to follow the desired state.</summary>
    internal void Start() => _agent.Start();

    public void Dispose() => _agent.Dispose();

    private PipelineConfig Resolve(PipelineConfig pipeline)
    {
        string name;
        try
        {
            name = Package.Open(pipeline.Package, _agent.Trust).Manifest.Name;
        }
        catch (PackageException)
        {
            // Loading it says what is wrong.
            return pipeline;
        }
        _host.Know(name, pipeline.Package);
        return pipeline with { Package = _agent.Register(name, pipeline.Package), PackageName = name };
    }
}
