using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;

namespace Edge.Fleet.Service;

/// <content>What operators ask for.</content>
public sealed partial class FleetLogic
{
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
}
