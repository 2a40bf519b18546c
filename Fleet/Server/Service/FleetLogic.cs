using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;
using Edge.Packages;

namespace Edge.Fleet.Service;

/// <summary>
/// What the server knows and decides, without any network: messages of devices and commands of operators go in, signed desired
/// states come out. Every change is saved by <see cref="Save"/> before what follows from it is published. One thread at a time.
/// </summary>
public sealed class FleetLogic
{
    /// <summary>A counter that no fleet reaches: a device that claims a higher one is broken, or lies.</summary>
    private const long HighestCounter = 1L << 40;

    /// <summary>The most devices of a fleet: a bound on what strangers can make the server remember where the broker lets them.</summary>
    private const int MaximumDevices = 1_000_000;

    private readonly FleetStore _store;
    private readonly SigningKey _key;
    private readonly string _root;
    private readonly SignedBytes? _trust;
    private readonly TimeProvider _clock;
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
        (_store, _key, _root, _trust, _clock) = (store, key, root, trust, clock);
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

    /// <summary>An operator asks for something.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="command">What.</param>
    /// <exception cref="FleetException">It cannot be done; nothing has changed.</exception>
    public void Obey(string actor, FleetCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        switch (command.Verb)
        {
            case FleetCommand.Create:
                Create(command.Plan ?? throw new FleetException("rollout: no plan"));
                break;
            case FleetCommand.Pause:
                Apply(Find(command), new RolloutEvent.Pause(command.Reason ?? $"by {actor}"));
                break;
            case FleetCommand.Resume:
                Apply(Find(command), new RolloutEvent.Resume());
                break;
            case FleetCommand.Abort:
                Apply(Find(command), new RolloutEvent.Abort(command.Reason ?? $"by {actor}"));
                break;
            case FleetCommand.Cancel:
                Apply(Find(command), new RolloutEvent.Cancel());
                break;
            default:
                Change(FindDevice(command), command);
                break;
        }
        Note(actor, $"{command.Verb} {command.Rollout ?? command.Device ?? command.Plan?.Id}{(command.Reason is { } reason ? $": {reason}" : "")}");
    }

    /// <summary>Makes the desired states that follow from everything that has happened, and saves all of it at once.</summary>
    /// <returns>The devices whose desired state is to be published.</returns>
    public IReadOnlyList<Device> Save()
    {
        var ask = new List<Device>();
        foreach (Device device in _toAsk)
        {
            if (Renew(device))
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

    private void Create(RolloutPlan plan)
    {
        plan.Gate.Validate();
        ReadReleases();
        if (!_releases.TryGetValue(plan.Manifest, out DesiredRelease? release) || release.Name != plan.Package)
        {
            throw new FleetException($"rollout {plan.Id}: the release was never published: see edge fleet releases");
        }
        if (_rollouts.Exists(rollout => rollout.Rollout.Plan.Id == plan.Id))
        {
            throw new FleetException($"rollout {plan.Id}: the name is taken: choose another with --name");
        }
        if (_rollouts.Find(rollout => rollout.Rollout.Plan.Package == plan.Package && rollout.Rollout.Header.Status is RolloutStatus.Running or RolloutStatus.Paused or RolloutStatus.Aborting
            && rollout.Rollout.Plan.Package == plan.Package && Overlaps(rollout, plan)) is { } other)
        {
            throw new FleetException($"rollout {plan.Id}: {other.Rollout.Plan.Id} is {other.Rollout.Header.Status.ToString().ToLowerInvariant()} on some of the same devices: let it end, or cancel it");
        }
        var made = new RunningRollout(new Rollout(plan)) { IsNew = true };
        _rollouts.Add(made);
        foreach (Device device in _devices.Values.OrderBy(device => device.Name, StringComparer.Ordinal))
        {
            Offer(device, plan.Package);
        }
        Apply(made, new RolloutEvent.Tick());
    }

    private bool Overlaps(RunningRollout rollout, RolloutPlan plan)
    {
        TagQuery query = TagQuery.Parse(plan.Devices);
        foreach (Device device in _devices.Values)
        {
            if (rollout.Query.Matches(device.Name, device.Tags) && query.Matches(device.Name, device.Tags))
            {
                return true;
            }
        }
        return false;
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

    private void Change(Device device, FleetCommand command)
    {
        switch (command.Verb)
        {
            case FleetCommand.Tag:
                foreach ((string key, string? value) in command.Tags ?? [])
                {
                    if (value is null)
                    {
                        device.Tags.Remove(key);
                    }
                    else
                    {
                        device.Tags[key] = value;
                    }
                }
                break;
            case FleetCommand.Exclude:
                device.IsExcluded = true;
                break;
            case FleetCommand.Include:
                device.IsExcluded = false;
                break;
            case FleetCommand.Pin:
                ReadReleases();
                device.Pins[command.Package ?? ""] = command.Manifest is { } manifest && _releases.ContainsKey(manifest)
                    ? manifest
                    : throw new FleetException("pin: the release was never published: see edge fleet releases");
                break;
            case FleetCommand.Unpin:
                device.Pins.Remove(command.Package ?? "");
                break;
            default:
                throw new FleetException($"{command.Verb}: this server does not know the command: update it");
        }
        _changed.Add(device);
        _toAsk.Add(device);
        foreach (PackageReport package in device.Reported?.Packages ?? [])
        {
            Offer(device, package.Name);
        }
    }

    private RunningRollout Find(FleetCommand command) => _rollouts.Find(rollout => rollout.Rollout.Plan.Id == command.Rollout)
        ?? throw new FleetException($"there is no rollout {command.Rollout}: see edge fleet rollout status");

    private Device FindDevice(FleetCommand command)
    {
        string name = TopicName.Check(command.Device, "device");
        // A device may be tagged before it first appears.
        return command.Verb == FleetCommand.Tag ? Seen(name, isAlive: false)
            : _devices.GetValueOrDefault(name) ?? throw new FleetException($"there is no device {name}: see edge fleet devices");
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

    /// <summary>Makes a device's desired state anew where it asks for something else.</summary>
    private bool Renew(Device device)
    {
        var releases = new List<DesiredRelease>();
        var factory = new List<string>();
        foreach (string package in Packages(device))
        {
            if (device.Pins.TryGetValue(package, out string? pinned))
            {
                releases.Add(_releases[pinned] with { AllowDowngrade = true });
            }
            else
            {
                Wish(device, package, releases, factory);
            }
        }
        var state = new DesiredState { Root = _root, Device = device.Name, Counter = 0, Releases = releases, Factory = factory };
        string wish = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. state.ToUtf8(), .. _trust?.Payload ?? []]));
        bool isEmpty = releases.Count == 0 && factory.Count == 0;
        if (isEmpty && device.Message.Length == 0)
        {
            return false;
        }
        if (wish == device.Wish && device.Counter == DesiredCounter(device))
        {
            return false;
        }
        device.Counter++;
        device.Wish = wish;
        device.Message = DesiredSigner.Sign(state with { Counter = device.Counter }, _key, _trust).ToUtf8();
        return true;
    }

    /// <summary>The counter in the device's message, so that a device that is ahead gets a new one.</summary>
    private static long DesiredCounter(Device device) =>
        device.Message.Length == 0 ? 0 : DesiredState.Parse(DesiredMessage.Parse(device.Message).Desired.Payload).Counter;

    private void Wish(Device device, string package, List<DesiredRelease> releases, List<string> factory)
    {
        for (int i = _rollouts.Count - 1; i >= 0; i--)
        {
            Rollout rollout = _rollouts[i].Rollout;
            if (rollout.Plan.Package != package || rollout.AssignmentOf(device.Name) is not { } assignment)
            {
                continue;
            }
            if (assignment.Manifest is not null && _releases.TryGetValue(assignment.Manifest, out DesiredRelease? release))
            {
                releases.Add(release with
                {
                    AllowDowngrade = assignment.IsReturn || rollout.Plan.AllowDowngrade,
                    Attempt = assignment.Attempt,
                    Trial = assignment.IsReturn ? new TrialSpec { Seconds = 0 } : rollout.Plan.Trial,
                    Rollout = rollout.Plan.Id,
                });
            }
            else
            {
                // What it ran was never published, so it is what it was delivered with.
                factory.Add(package);
            }
            return;
        }
    }

    private static SortedSet<string> Packages(Device device)
    {
        var packages = new SortedSet<string>(device.Pins.Keys, StringComparer.Ordinal);
        foreach (PackageReport package in device.Reported?.Packages ?? [])
        {
            packages.Add(package.Name);
        }
        return packages;
    }

    private void Note(string actor, string text) => _audit.Add(new AuditEntry(_clock.GetUtcNow(), actor, text));
}
