using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Fleet;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;

namespace Edge.Cli.Fleet;

/// <summary>What the fleet knows of devices, and what is said of them.</summary>
internal static class DeviceVerbs
{
    internal static Command Devices()
    {
        Option<string> folder = FleetOptions.Folder();
        var which = new Option<string>("--devices") { Description = "A group or tags, such as 'site=vienna model=pi4|pi5'.", DefaultValueFactory = _ => "all", HelpName = "QUERY" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("devices", "The devices, what they run, and how they are.") { folder, which, json };
        command.SetAction(parse =>
        {
            using FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore();
            TagQuery query = TagQuery.Parse(FleetOptions.Query(store, parse.GetRequiredValue(which)));
            Device[] devices = [.. store.Devices().Where(device => query.Matches(device.Name, device.Tags))];
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(devices.Select(device => new { device.Name, device.Tags, excluded = device.IsExcluded, device.Pins, device.FirstSeen, device.LastSeen, online = device.IsOnline, device.Runtime, healthy = device.IsHealthy, device.Problem, packages = device.Reported?.Packages })));
                return ExitCode.Success;
            }
            Screen.Table(["device", "tags", "state", "seen", "runs", "update", "problem"], devices.Select(Row), texts: 7);
            return ExitCode.Success;
        });
        return command;
    }

    internal static Command Tag()
    {
        Argument<string> device = Device();
        var tags = new Argument<string[]>("tags") { Description = "key=value sets a tag, key= takes it away.", HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore };
        Option<string> folder = FleetOptions.Folder();
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("tag", "Say something of a device, by which groups find it.") { device, tags, folder, json };
        command.SetAction(parse =>
        {
            var set = new Dictionary<string, string?>();
            foreach (string tag in parse.GetRequiredValue(tags))
            {
                int equals = tag.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0 || tag.Contains('|', StringComparison.Ordinal) || tag.Contains(' ', StringComparison.Ordinal) || tag[equals - 1] == '!')
                {
                    throw new FleetException($"tag \"{tag}\": write key=value, without spaces, '!' and '|'");
                }
                set[tag[..equals]] = equals == tag.Length - 1 ? null : tag[(equals + 1)..];
            }
            return FleetOptions.Send(parse.GetRequiredValue(folder), new FleetCommand { Verb = FleetCommand.Tag, Device = parse.GetRequiredValue(device), Tags = set }, parse.GetValue(json));
        });
        return command;
    }

    internal static Command Exclude() => Simple("exclude", FleetCommand.Exclude, "Keep a device out of rollouts; what it has from a rollout that still counts, it gives back.");

    internal static Command Include() => Simple("include", FleetCommand.Include, "Let a device into rollouts again.");

    internal static Command Pin()
    {
        Argument<string> device = Device();
        var release = new Argument<string>("release") { Description = "name@release or name@version.", HelpName = "RELEASE" };
        Option<string> folder = FleetOptions.Folder();
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("pin", "Bring a device to a release and keep it there, whatever rollouts do.") { device, release, folder, json };
        command.SetAction(parse =>
        {
            DesiredRelease found;
            using (FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore())
            {
                found = FleetOptions.Find(store, parse.GetRequiredValue(release)).Release;
            }
            return FleetOptions.Send(parse.GetRequiredValue(folder), new FleetCommand { Verb = FleetCommand.Pin, Device = parse.GetRequiredValue(device), Package = found.Name, Manifest = found.ManifestSha256 }, parse.GetValue(json));
        });
        return command;
    }

    internal static Command Unpin()
    {
        Argument<string> device = Device();
        var package = new Argument<string>("package") { Description = "The package's name.", HelpName = "NAME" };
        Option<string> folder = FleetOptions.Folder();
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("unpin", "Let a device follow rollouts again.") { device, package, folder, json };
        command.SetAction(parse => FleetOptions.Send(parse.GetRequiredValue(folder), new FleetCommand { Verb = FleetCommand.Unpin, Device = parse.GetRequiredValue(device), Package = parse.GetRequiredValue(package) }, parse.GetValue(json)));
        return command;
    }

    private static Command Simple(string name, string verb, string description)
    {
        Argument<string> device = Device();
        Option<string> folder = FleetOptions.Folder();
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command(name, description) { device, folder, json };
        command.SetAction(parse => FleetOptions.Send(parse.GetRequiredValue(folder), new FleetCommand { Verb = verb, Device = parse.GetRequiredValue(device) }, parse.GetValue(json)));
        return command;
    }

    private static Argument<string> Device() => new("device") { Description = "The device's name.", HelpName = "DEVICE" };

    private static string[] Row(Device device)
    {
        string tags = string.Join(' ', device.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        string runs = string.Join(", ", device.Reported?.Packages.Select(package => package.Running is { } running ? $"{running.Name}@{running.Release}" : package.Name) ?? []);
        PackageReport? busy = device.Reported?.Packages.FirstOrDefault(package => package.Phase is not (UpdatePhase.Idle or UpdatePhase.Committed));
        string update = busy is null ? "" : $"{busy.Target?.Name}@{busy.Target?.Release} {busy.Phase.ToString().ToLowerInvariant()}{(busy.Phase == UpdatePhase.Downloading ? $" {busy.ProgressPercent:0} %" : "")}";
        string state = $"{(device.IsOnline ? "online" : "offline")}{(device.IsExcluded ? ", excluded" : "")}{(device.Pins.Count > 0 ? ", pinned" : "")}";
        return [device.Name, tags, state, FleetOptions.Age(device.LastSeen), runs, update, device.Reported?.Refused ?? busy?.Error ?? busy?.Waiting ?? device.Problem ?? ""];
    }
}
