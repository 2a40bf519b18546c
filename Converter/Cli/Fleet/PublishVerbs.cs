using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Fleet;
using Edge.Fleet.Publishing;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;
using Edge.Mqtt;

namespace Edge.Cli.Fleet;

/// <summary>Releases and their blobs.</summary>
internal static class PublishVerbs
{
    /// <summary>Long after a release is forgotten, and short enough that a broker that nobody tends does not keep it for ever.</summary>
    private const double DefaultKeepDays = 365;

    private const double LongestKeepDays = 3650;

    internal static Command Publish()
    {
        var package = new Argument<string>("package") { Description = "A signed .edgepkg file.", HelpName = "PACKAGE" };
        Option<string> folder = FleetOptions.Folder();
        var days = new Option<double>("--keep-days") { Description = "How long the broker keeps the blobs unless they are published again, in days; 0 for ever.", DefaultValueFactory = _ => DefaultKeepDays, HelpName = "N" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("publish", "Put a package's blobs on the broker, those that it lacks, and read them back.") { package, folder, days, json };
        command.SetAction(async (parse, cancellation) =>
        {
            double keep = parse.GetValue(days);
            if (keep is not (0 or (>= 1 and <= LongestKeepDays)))
            {
                throw new FleetException($"--keep-days: give 1 to {LongestKeepDays}, or 0 for ever");
            }
            FleetFolder fleet = FleetFolder.Open(parse.GetRequiredValue(folder));
            PublishedRelease release = PublishedRelease.Open(parse.GetRequiredValue(package), fleet.Trust);
            using FleetStore store = fleet.OpenStore();
            using MqttClient client = fleet.CreateClient("publisher");
            client.Start();
            var line = new ProgressLine();
            PublishReport report = await new BlobPublisher(client, fleet.Config.Root, TimeSpan.FromDays(keep)).PublishAsync(
                release.Blobs, done => line.Show($"{done} of {release.Blobs.Count} blobs"), cancellation);
            line.Clear();
            store.Save(new ReleaseRecord(release.Release, [.. release.Blobs.Keys], TimeProvider.System.GetUtcNow()));
            Note(store, $"publish {release.Release.Name} {release.Release.Version} (release {release.Release.Release})");
            client.Disconnect(null, TimeSpan.FromSeconds(5));
            Screen.Line(parse.GetValue(json)
                ? Json.Text(new { release = release.Release, report.Blobs, report.Bytes, report.Published, report.PublishedBytes })
                : string.Create(CultureInfo.InvariantCulture, $"{release.Release.Name} {release.Release.Version} (release {release.Release.Release}): {report.Published} of {report.Blobs} blobs published, {report.PublishedBytes:N0} of {report.Bytes:N0} bytes; the broker had the rest"));
            return ExitCode.Success;
        });
        return command;
    }

    internal static Command Collect()
    {
        Option<string> folder = FleetOptions.Folder();
        var forget = new Option<string[]>("--forget") { Description = "A release that is no longer wanted, as name@release; repeat for more.", HelpName = "RELEASE" };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would be removed." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("gc", "Take blobs off the broker that no release needs.") { folder, forget, dry, json };
        command.SetAction(parse =>
        {
            FleetFolder fleet = FleetFolder.Open(parse.GetRequiredValue(folder));
            using FleetStore store = fleet.OpenStore();
            ReleaseRecord[] forgotten = [.. (parse.GetValue(forget) ?? []).Select(text => FleetOptions.Find(store, text))];
            foreach (ReleaseRecord record in forgotten)
            {
                CheckUnused(store, record);
            }
            var needed = store.Releases().Where(record => !forgotten.Any(gone => gone.Release.ManifestSha256 == record.Release.ManifestSha256)).SelectMany(record => record.Blobs).ToHashSet(StringComparer.Ordinal);
            string[] gone = [.. forgotten.SelectMany(record => record.Blobs).Where(hash => !needed.Contains(hash)).Distinct()];
            if (!parse.GetValue(dry) && forgotten.Length > 0)
            {
                using MqttClient client = fleet.CreateClient("publisher");
                client.Start();
                new BlobPublisher(client, fleet.Config.Root).Remove(gone);
                client.Disconnect(null, TimeSpan.FromSeconds(5));
                foreach (ReleaseRecord record in forgotten)
                {
                    store.RemoveRelease(record.Release.ManifestSha256);
                    Note(store, $"forget {record.Release.Name} {record.Release.Version} (release {record.Release.Release})");
                }
            }
            Screen.Line(parse.GetValue(json)
                ? Json.Text(new { removed = gone.Length, kept = needed.Count, releases = forgotten.Length })
                : $"{gone.Length} blobs {(parse.GetValue(dry) ? "would be" : "were")} removed, {needed.Count} are kept");
            return ExitCode.Success;
        });
        return command;
    }

    internal static Command Releases()
    {
        Option<string> folder = FleetOptions.Folder();
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("releases", "The releases that were published.") { folder, json };
        command.SetAction(parse =>
        {
            using FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore();
            IReadOnlyList<ReleaseRecord> releases = store.Releases();
            IReadOnlyList<Device> devices = store.Devices();
            int Running(ReleaseRecord record) => devices.Count(device => device.Package(record.Release.Name)?.RunningManifest == record.Release.ManifestSha256);
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(releases.Select(record => new { record.Release.Name, record.Release.Version, record.Release.Release, manifest = record.Release.ManifestSha256, bytes = record.Release.PackageBytes, record.Time, devices = Running(record) })));
            }
            else
            {
                Screen.Table(["release", "version", "manifest", "bytes", "blobs", "devices"], releases.Select(record => (string[])[$"{record.Release.Name}@{record.Release.Release}", record.Release.Version, record.Release.ManifestSha256[..12], $"{record.Release.PackageBytes:N0}", $"{record.Blobs.Count}", $"{Running(record)}"]), texts: 3);
            }
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>A release that some device runs, goes back to, or is asked to run, must stay on the broker.</summary>
    private static void CheckUnused(FleetStore store, ReleaseRecord record)
    {
        string manifest = record.Release.ManifestSha256;
        if (store.Devices().FirstOrDefault(device => device.Package(record.Release.Name) is { } report && (report.RunningManifest == manifest || report.TargetManifest == manifest) || device.Pins.ContainsValue(manifest)) is { } user)
        {
            throw new FleetException($"{record.Release.Name}@{record.Release.Release}: {user.Name} runs it, is asked to, or is pinned to it: bring its devices to another release first");
        }
        if (store.Rollouts().FirstOrDefault(rollout => rollout.Header.Status is not (RolloutStatus.Aborted or RolloutStatus.Cancelled)
            && (rollout.Plan.Manifest == manifest || (rollout.Header.Status != RolloutStatus.Completed && rollout.Members.Any(member => member.Previous == manifest)))) is { } user2)
        {
            throw new FleetException($"{record.Release.Name}@{record.Release.Release}: rollout {user2.Plan.Id} needs it: end the rollout first");
        }
    }

    private static void Note(FleetStore store, string text) => store.Audit(new AuditEntry(TimeProvider.System.GetUtcNow(), Environment.UserName, text));
}
