using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Fleet;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;

namespace Edge.Cli.Fleet;

/// <summary><c>edge fleet rollout</c>.</summary>
internal static class RolloutVerbs
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    internal static Command Create() => new("rollout", "Bring a release to devices, wave by wave.")
    {
        New(),
        Status(),
        Watch(),
        Simple("pause", FleetCommand.Pause, "Give the release to no further device."),
        Simple("resume", FleetCommand.Resume, "Go on after a pause."),
        Simple("abort", FleetCommand.Abort, "Take the release back from every device that has it."),
        Simple("cancel", FleetCommand.Cancel, "End the rollout as it is: who has the release keeps it."),
    };

    internal static Command Audit()
    {
        Option<string> folder = FleetOptions.Folder();
        var lines = new Option<int>("--lines") { Description = "The most entries, the newest.", DefaultValueFactory = _ => 50, HelpName = "N" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("audit", "Who did what, and what has happened.") { folder, lines, json };
        command.SetAction(parse =>
        {
            using FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore();
            IReadOnlyList<(long Id, AuditEntry Entry)> entries = store.AuditEntries(0, Math.Max(1, parse.GetValue(lines)));
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(entries.Select(entry => entry.Entry)));
            }
            else
            {
                foreach ((_, AuditEntry entry) in entries)
                {
                    Screen.Line(Line(entry));
                }
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static Command New()
    {
        var release = new Argument<string>("release") { Description = "name@release, name@version, or the name for the newest.", HelpName = "RELEASE" };
        Option<string> folder = FleetOptions.Folder();
        var name = new Option<string?>("--name") { Description = "The rollout's name; made of the release's unless given." };
        var devices = new Option<string>("--devices") { Description = "A group or tags.", DefaultValueFactory = _ => "all", HelpName = "QUERY" };
        var waves = new Option<string>("--waves") { Description = "Devices at most, wave by wave: numbers, percentages, or exponential.", DefaultValueFactory = _ => "1,10%,50%,100%", HelpName = "LIST" };
        var success = Number("--success", "The share of a wave that must succeed, in per cent.", 95);
        var soak = Number("--soak", "How long a wave must have succeeded before the next one opens, in seconds.", 600);
        var abort = Number("--abort-above", "A greater share of failed devices takes the release back, in per cent.", 10);
        var errors = Number("--max-error-rise", "The same for a rise of failed frames, in percentage points.", 2);
        var latency = Number("--max-latency-ratio", "The same for the 95th percentile of latency, as a multiple of before.", 2);
        var drift = new Option<double?>("--max-drift") { Description = "The same for the drift of classes.", HelpName = "PSI" };
        var retries = new Option<int>("--retries") { Description = "How often a device tries again after it has failed.", HelpName = "N" };
        var delay = Number("--retry-delay", "How long after a failure the next try comes, in seconds; each further one takes twice as long.", 60);
        var timeout = Number("--timeout", "A device that does not answer for so long has failed, in seconds; 0 waits for ever.", 0);
        var trial = Number("--trial", "How long a device tries the release before it keeps it, in seconds.", 60);
        var infer = Number("--max-infer-ms", "The most milliseconds that one inference may take on a device; 0 sets no limit.", 0);
        var ratio = Number("--max-infer-ratio", "The same as a multiple of the running model's time; 0 sets no limit.", 0);
        var frames = new Option<int>("--compare-frames") { Description = "Live frames that the running model and the new one both look at before the change.", DefaultValueFactory = _ => 30, HelpName = "N" };
        var agreement = Number("--min-agreement", "How far both must see the same in them, in per cent.", 0);
        var window = new Option<string?>("--window") { Description = "When devices are given the release, such as '02:00-05:00 Europe/Vienna'.", HelpName = "WINDOW" };
        var downgrade = new Option<bool>("--allow-downgrade") { Description = "Let devices accept a release that is older than what they run." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("create", "Begin a rollout.") { release, folder, name, devices, waves, success, soak, abort, errors, latency, drift, retries, delay, timeout, trial, infer, ratio, frames, agreement, window, downgrade, json };
        command.SetAction(parse =>
        {
            RolloutPlan plan;
            using (FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore())
            {
                DesiredRelease found = FleetOptions.Find(store, parse.GetRequiredValue(release)).Release;
                string query = FleetOptions.Query(store, parse.GetRequiredValue(devices));
                TagQuery matches = TagQuery.Parse(query);
                plan = new RolloutPlan
                {
                    Id = TopicName.Check(parse.GetValue(name) ?? $"{found.Name}@{found.Release}", "rollout"),
                    Package = found.Name,
                    Manifest = found.ManifestSha256,
                    Devices = query,
                    Waves = WaveSpec.Parse(parse.GetRequiredValue(waves), store.Devices().Count(device => matches.Matches(device.Name, device.Tags))),
                    Gate = new GateSpec
                    {
                        SuccessRatio = parse.GetValue(success) / 100,
                        SoakSeconds = parse.GetValue(soak),
                        AbortRatio = parse.GetValue(abort) / 100,
                        MaximumErrorRise = parse.GetValue(errors) / 100,
                        MaximumLatencyRatio = parse.GetValue(latency),
                        MaximumDrift = parse.GetValue(drift),
                        Retries = parse.GetValue(retries),
                        RetryDelaySeconds = parse.GetValue(delay),
                        TimeoutSeconds = parse.GetValue(timeout),
                    },
                    Trial = new TrialSpec { Seconds = parse.GetValue(trial), MaximumInferMs = parse.GetValue(infer), MaximumInferRatio = parse.GetValue(ratio), CompareFrames = parse.GetValue(frames), MinimumAgreement = parse.GetValue(agreement) / 100 },
                    Window = parse.GetValue(window) is { } text ? MaintenanceWindow.Parse(text) : null,
                    AllowDowngrade = parse.GetValue(downgrade),
                };
            }
            return FleetOptions.Send(parse.GetRequiredValue(folder), new FleetCommand { Verb = FleetCommand.Create, Plan = plan }, parse.GetValue(json));
        });
        return command;
    }

    private static Command Status()
    {
        Option<string> folder = FleetOptions.Folder();
        Argument<string?> id = Id(isRequired: false);
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("status", "How rollouts stand; with a name, device by device.") { id, folder, json };
        command.SetAction(parse =>
        {
            using FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore();
            IReadOnlyList<Rollout> rollouts = Select(store, parse.GetValue(id));
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(rollouts.Select(rollout => new { rollout.Plan, rollout.Header, rollout.Assigned, rollout.Succeeded, rollout.Failed, members = parse.GetValue(id) is null ? null : rollout.Members })));
                return ExitCode.Success;
            }
            Screen.Table(["rollout", "state", "wave", "group", "given", "succeeded", "failed", "reason"], rollouts.Select(Row), texts: 3);
            if (parse.GetValue(id) is not null)
            {
                Screen.Table(["device", "stage", "wave", "attempt", "error"], rollouts[0].Members.Select(member => (string[])[member.Device, member.Stage.ToString().ToLowerInvariant(), member.Wave < 0 ? "" : $"{member.Wave + 1}", member.Attempt == 0 ? "" : $"{member.Attempt}", member.Error ?? ""]), texts: 2);
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Watch()
    {
        Option<string> folder = FleetOptions.Folder();
        Argument<string?> id = Id(isRequired: true);
        var command = new Command("watch", "Follow a rollout until it ends: exit code 0 where it was completed, 1 where it was not.") { id, folder };
        command.SetAction(async (parse, cancellation) =>
        {
            using FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore();
            var line = new ProgressLine();
            IReadOnlyList<(long Id, AuditEntry Entry)> latest = store.AuditEntries(0, 1);
            long after = latest.Count > 0 ? latest[0].Id : 0;
            while (true)
            {
                foreach ((long number, AuditEntry entry) in store.AuditEntries(after, 1000))
                {
                    after = number;
                    line.Clear();
                    Screen.Line(Line(entry));
                }
                Rollout rollout = Select(store, parse.GetValue(id))[0];
                line.Show(string.Join("  ", Row(rollout)));
                if (rollout.Header.Status is RolloutStatus.Completed or RolloutStatus.Aborted or RolloutStatus.Cancelled)
                {
                    line.Clear();
                    Screen.Line(string.Join("  ", Row(rollout).Where(cell => cell.Length > 0)));
                    return rollout.Header.Status == RolloutStatus.Completed ? ExitCode.Success : ExitCode.Failure;
                }
                await Task.Delay(WatchInterval, cancellation);
            }
        });
        return command;
    }

    private static Command Simple(string name, string verb, string description)
    {
        Argument<string?> id = Id(isRequired: true);
        Option<string> folder = FleetOptions.Folder();
        var reason = new Option<string?>("--reason") { Description = "Why, for the record." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command(name, description) { id, folder, reason, json };
        command.SetAction(parse => FleetOptions.Send(parse.GetRequiredValue(folder), new FleetCommand { Verb = verb, Rollout = parse.GetValue(id), Reason = parse.GetValue(reason) }, parse.GetValue(json)));
        return command;
    }

    private static Argument<string?> Id(bool isRequired) => new("rollout") { Description = "The rollout's name.", HelpName = "NAME", Arity = isRequired ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne };

    private static Option<double> Number(string name, string description, double usual) => new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };

    private static IReadOnlyList<Rollout> Select(FleetStore store, string? id)
    {
        IReadOnlyList<Rollout> rollouts = store.Rollouts();
        return id is null ? rollouts : rollouts.Any(rollout => rollout.Plan.Id == id)
            ? [.. rollouts.Where(rollout => rollout.Plan.Id == id)]
            : throw new FleetException($"there is no rollout {id}: see edge fleet rollout status");
    }

    private static string[] Row(Rollout rollout)
    {
        int group = rollout.Members.Count(member => member.Stage is not (MemberStage.Excluded or MemberStage.Already));
        return
        [
            rollout.Plan.Id, rollout.Header.Status.ToString().ToLowerInvariant(), $"{rollout.Header.Wave + 1}/{rollout.Plan.Waves.Count}",
            $"{group}", $"{rollout.Assigned}", $"{rollout.Succeeded}", $"{rollout.Failed}", rollout.Header.Reason ?? "",
        ];
    }

    private static string Line(AuditEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Time:yyyy-MM-dd'T'HH:mm:ss'Z'}  {entry.Actor}  {entry.Text}");
}
