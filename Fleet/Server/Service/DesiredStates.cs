using System.Security.Cryptography;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Packages;

namespace Edge.Fleet.Service;

/// <summary>What each device is asked to run: its pins, then what the newest rollout that knows it says; signed and numbered.</summary>
/// <param name="key">Signs.</param>
/// <param name="root">The installation's root.</param>
/// <param name="trust">A change of keys that goes with every desired state; null for none.</param>
/// <param name="known">The releases by manifest.</param>
/// <param name="rollouts">The rollouts, the oldest first.</param>
internal sealed class DesiredStates(SigningKey key, string root, SignedBytes? trust, IReadOnlyDictionary<string, DesiredRelease> known, IReadOnlyList<RunningRollout> rollouts)
{
    /// <summary>Makes a device's desired state anew where it asks for something else.</summary>
    /// <returns>Whether there is a new one to publish.</returns>
    internal bool Renew(Device device)
    {
        var asked = new List<DesiredRelease>();
        var factory = new List<string>();
        foreach (string package in Packages(device))
        {
            if (device.Pins.TryGetValue(package, out string? pinned))
            {
                asked.Add(known[pinned] with { AllowDowngrade = true });
            }
            else
            {
                Wish(device, package, asked, factory);
            }
        }
        var state = new DesiredState { Root = root, Device = device.Name, Counter = 0, Releases = asked, Factory = factory };
        string wish = Convert.ToHexStringLower(SHA256.HashData([.. state.ToUtf8(), .. trust?.Payload ?? []]));
        bool isEmpty = asked.Count == 0 && factory.Count == 0;
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
        device.Message = DesiredSigner.Sign(state with { Counter = device.Counter }, key, trust).ToUtf8();
        return true;
    }

    /// <summary>The counter in the device's message, so that a device that is ahead gets a new one.</summary>
    private static long DesiredCounter(Device device) =>
        device.Message.Length == 0 ? 0 : DesiredState.Parse(DesiredMessage.Parse(device.Message).Desired.Payload).Counter;

    private void Wish(Device device, string package, List<DesiredRelease> asked, List<string> factory)
    {
        for (int i = rollouts.Count - 1; i >= 0; i--)
        {
            Rollout rollout = rollouts[i].Rollout;
            if (rollout.Plan.Package != package || rollout.AssignmentOf(device.Name) is not { } assignment)
            {
                continue;
            }
            if (assignment.Manifest is not null && known.TryGetValue(assignment.Manifest, out DesiredRelease? release))
            {
                asked.Add(release with
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
}
