using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;
using Edge.Packages;

namespace Edge.Fleet.Service;

/// <summary>
/// What the server knows and decides, without any network: messages of devices and commands of operators go in, signed desired
/// states come out. Every change is saved by <see cref="Save"/> before what follows from it is published. One thread at a time.
/// </summary>
public sealed partial class FleetLogic
{
    /// <summary>A counter that no fleet reaches: a device that claims a higher one is broken, or lies.</summary>
    private const long HighestCounter = 1L << 40;

    /// <summary>The most devices of a fleet: a bound on what strangers can make the server remember where the broker lets them.</summary>
    private const int MaximumDevices = 1_000_000;

    private readonly FleetStore _store;
    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly DesiredStates _desired;
    private readonly Dictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DesiredRelease> _releases = new(StringComparer.Ordinal);
    private readonly List<RunningRollout> _rollouts = [];
    private readonly HashSet<Device> _changed = [];
    private readonly HashSet<Device> _toAsk = [];
    private readonly Dictionary<string, HealthWatch> _health = new(StringComparer.Ordinal);
    private readonly List<AuditEntry> _audit = [];

    /// <summary>Reads the store.</summary>
    /// <param name="store">The fleet's memory; the caller disposes it.</param>
    /// <param name="key">Signs desired states; the caller disposes it.</param>
    /// <param name="root">The installation's root.</param>
    /// <param name="trust">A change of keys that goes with every desired state; null for none.</param>
    /// <param name="clock">The clock.</param>
    public FleetLogic(FleetStore store, SigningKey key, string root, SignedBytes? trust, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _root, _clock) = (store, root, clock);
        _desired = new DesiredStates(key, root, trust, _releases, _rollouts);
        foreach (Device device in store.Devices())
        {
            _devices.Add(device.Name, device);
        }
        foreach (Rollout rollout in store.Rollouts())
        {
            _rollouts.Add(new RunningRollout(rollout));
        }
        ReadReleases();
    }

    /// <summary>Devices by name.</summary>
    public IReadOnlyDictionary<string, Device> Devices => _devices;

    /// <summary>What has happened since the last <see cref="Save"/>, for logs.</summary>
    public IReadOnlyList<AuditEntry> News => _audit;

    private double Now => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>A device said how its updates stand.</summary>
    /// <param name="name">The device.</param>
    /// <param name="state">What it said.</param>
    public void Take(string name, ReportedState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Device device = Seen(name);
        state = PlainText.Of(state);
        if (state.Boot is not null && device.Reported is { } last && last.Boot == state.Boot && state.Sequence < last.Sequence)
        {
            // It has been overtaken on its way through another server: the device has gone on since.
            return;
        }
        device.Reported = state;
        device.Runtime = state.RuntimeVersion;
        if (state.Counter > device.Counter && state.Counter <= HighestCounter)
        {
            // The database is younger than the fleet: go on above what the device has accepted.
            device.Counter = state.Counter;
            _toAsk.Add(device);
        }
        foreach (PackageReport package in state.Packages)
        {
            Offer(device, package.Name);
            foreach (RunningRollout rollout in _rollouts)
            {
                if (rollout.Rollout.Plan.Package == package.Name && rollout.Rollout.Find(name) is not null)
                {
                    Apply(rollout, new RolloutEvent.Reported(name, package.RunningManifest, package.TargetManifest, package.Phase, package.Attempt, package.Error));
                }
            }
        }
    }

    /// <summary>A device came or went.</summary>
    /// <param name="name">The device.</param>
    /// <param name="status">What it, or its last will, said.</param>
    public void Take(string name, StatusMessage status)
    {
        ArgumentNullException.ThrowIfNull(status);
        Device device = Seen(name);
        device.IsOnline = status.State == DeviceState.Online;
        device.IsAway = !device.IsOnline;
        device.Runtime = PlainText.Of(status.Version);
        foreach (RunningRollout rollout in _rollouts)
        {
            Apply(rollout, new RolloutEvent.Seen(name, !device.IsAway));
        }
    }

    /// <summary>A device said how it is.</summary>
    /// <param name="name">The device.</param>
    /// <param name="health">What it said.</param>
    public void Take(string name, HealthMessage health)
    {
        ArgumentNullException.ThrowIfNull(health);
        Device device = Seen(name);
        device.IsHealthy = health.Ok;
        device.Problem = health.Problems.Count > 0 ? PlainText.Of(health.Problems[0]) : null;
        if (!_health.TryGetValue(name, out HealthWatch? watch))
        {
            _health.Add(name, watch = new HealthWatch());
        }
        foreach ((string package, long release, HealthSample sample) in watch.Look(health))
        {
            // Health names releases by number; the manifest is what the device says it runs under that number.
            string? running = device.Package(package) is { Running: { } now } report && now.Release == release ? report.RunningManifest : null;
            if (running is null)
            {
                continue;
            }
            foreach (RunningRollout rollout in _rollouts)
            {
                if (rollout.Rollout.Plan.Package == package)
                {
                    Apply(rollout, new RolloutEvent.Measured(name, running, sample));
                }
            }
        }
    }

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        foreach (RunningRollout rollout in _rollouts)
        {
            if (rollout.Rollout.Header.Status != RolloutStatus.Cancelled)
            {
                Apply(rollout, new RolloutEvent.Tick());
            }
        }
    }

    /// <summary>Makes the desired states that follow from everything that has happened, and saves all of it at once.</summary>
    /// <returns>The devices whose desired state is to be published.</returns>
    public IReadOnlyList<Device> Save()
    {
        var ask = new List<Device>();
        foreach (Device device in _toAsk)
        {
            if (_desired.Renew(device))
            {
                ask.Add(device);
                _changed.Add(device);
            }
        }
        _toAsk.Clear();
        if (_changed.Count == 0 && _audit.Count == 0 && !_rollouts.Exists(rollout => rollout.IsChanged))
        {
            return ask;
        }
        _store.InTransaction(() =>
        {
            foreach (RunningRollout rollout in _rollouts)
            {
                rollout.Save(_store, _clock.GetUtcNow());
            }
            foreach (Device device in _changed)
            {
                _store.Save(device);
            }
            foreach (AuditEntry entry in _audit)
            {
                _store.Audit(entry);
            }
        });
        _changed.Clear();
        _audit.Clear();
        return ask;
    }

    /// <summary>Reads the releases that were published since.</summary>
    public void ReadReleases()
    {
        foreach (ReleaseRecord record in _store.Releases())
        {
            _releases[record.Release.ManifestSha256] = record.Release;
        }
    }

    /// <summary>Lets a device into the rollouts that it belongs to: the newest, and one behind it that is complete.</summary>
    private void Offer(Device device, string package)
    {
        bool isFree = !device.IsExcluded && !device.Pins.ContainsKey(package) && device.Package(package) is not null;
        for (int i = _rollouts.Count - 1; i >= 0; i--)
        {
            RunningRollout rollout = _rollouts[i];
            if (rollout.Rollout.Plan.Package != package)
            {
                continue;
            }
            bool isIn = rollout.Rollout.Find(device.Name) is { Stage: not MemberStage.Excluded };
            bool belongs = isFree && rollout.Query.Matches(device.Name, device.Tags);
            if (belongs && !isIn && rollout.Rollout.Header.Status is RolloutStatus.Running or RolloutStatus.Paused or RolloutStatus.Completed && belongs && !isIn)
            {
                Apply(rollout, new RolloutEvent.Joined(device.Name, device.Package(package)!.RunningManifest, !device.IsAway));
            }
            else if (!belongs && isIn)
            {
                Apply(rollout, new RolloutEvent.Left(device.Name));
            }
            if (belongs && rollout.Rollout.Header.Status == RolloutStatus.Completed)
            {
                break;
            }
        }
    }

    private void Apply(RunningRollout rollout, RolloutEvent happened)
    {
        foreach (Member member in rollout.Apply(happened, Now))
        {
            if (_devices.TryGetValue(member.Device, out Device? device))
            {
                _toAsk.Add(device);
            }
        }
        foreach (string line in rollout.Rollout.TakeStory())
        {
            Note("server", $"rollout {rollout.Rollout.Plan.Id}: {line}");
        }
    }

    private Device Seen(string name, bool isAlive = true)
    {
        if (!_devices.TryGetValue(name, out Device? device))
        {
            // A name must stand as a level of topics, or nothing could be said to it.
            _ = new Topics(_root, name);
            if (_devices.Count >= MaximumDevices)
            {
                throw new FleetException($"device {name}: the fleet has {MaximumDevices} devices already: see who publishes on this broker");
            }
            device = new Device { Name = name, FirstSeen = _clock.GetUtcNow() };
            _devices.Add(name, device);
            Note("server", $"device {name} appears");
        }
        if (isAlive)
        {
            device.LastSeen = _clock.GetUtcNow();
        }
        _changed.Add(device);
        return device;
    }

    private void Note(string actor, string text) => _audit.Add(new AuditEntry(_clock.GetUtcNow(), actor, text));
}
