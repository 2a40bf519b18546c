using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Fleet;
using Edge.Fleet.Registry;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;

namespace Edge.Cli.Fleet;

/// <summary>What the fleet's verbs share.</summary>
internal static class FleetOptions
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerInterval = TimeSpan.FromMilliseconds(100);

    internal static Option<string> Folder() => new("--fleet") { Description = "The fleet's folder.", DefaultValueFactory = _ => "fleet", HelpName = "DIR" };

    /// <summary>Finds a release as people name it: <c>name@release</c>, <c>name@version</c>, the name alone for the newest, or the beginning of the manifest's hash.</summary>
    internal static ReleaseRecord Find(FleetStore store, string text)
    {
        string[] parts = text.Split('@', 2);
        ReleaseRecord? found = store.Releases().LastOrDefault(record => parts.Length == 2
            ? record.Release.Name == parts[0] && (record.Release.Version == parts[1] || record.Release.Release.ToString(CultureInfo.InvariantCulture) == parts[1])
            : record.Release.Name == text || (text.Length >= 8 && record.Release.ManifestSha256.StartsWith(text, StringComparison.Ordinal)));
        return found ?? throw new FleetException($"there is no release {text}: publish it with edge fleet publish, or see edge fleet releases");
    }

    /// <summary>Leaves a command for the server and waits for its answer.</summary>
    internal static int Send(string folder, FleetCommand command, bool json)
    {
        using FleetStore store = FleetFolder.Open(folder).OpenStore();
        long id = store.Post(Environment.UserName, command, TimeProvider.System.GetUtcNow());
        long start = TimeProvider.System.GetTimestamp();
        string? answer = null;
        while (answer is null && IsServed(store) && TimeProvider.System.GetElapsedTime(start) < AnswerPatience)
        {
            answer = store.AnswerOf(id);
            if (answer is null)
            {
                Thread.Sleep(AnswerInterval);
            }
        }
        if (!string.IsNullOrEmpty(answer))
        {
            throw new FleetException(answer);
        }
        if (json)
        {
            Screen.Line(Json.Text(new { command = id, done = answer is not null }));
        }
        else
        {
            Screen.Line(answer is not null ? "done" : $"left for the server (command {id}), which does not run: start it with edge fleet serve");
        }
        return ExitCode.Success;
    }

    /// <summary>A query as it is written, or the group of that name.</summary>
    internal static string Query(FleetStore store, string text)
    {
        string query = store.Groups().TryGetValue(text, out string? named) ? named : text;
        string[] known = [.. store.Devices().SelectMany(device => device.Tags.Keys).Append("device").Distinct(StringComparer.Ordinal)];
        foreach (string key in TagQuery.Parse(query).Keys.Where(key => !known.Contains(key)))
        {
            // No error: devices with the tag may come later.
            string? near = NearestName.Of(key, [.. known, .. store.Groups().Keys]);
            Screen.Note($"note: no device has the tag {key}{(near is null ? "" : $"; did you mean {near}?")}");
        }
        return query;
    }

    internal static string Age(DateTimeOffset time)
    {
        TimeSpan age = TimeProvider.System.GetUtcNow() - time;
        return age.TotalSeconds < 100 ? $"{Math.Max(0, age.TotalSeconds):0} s" : age.TotalMinutes < 100 ? $"{age.TotalMinutes:0} min" : age.TotalHours < 48 ? $"{age.TotalHours:0} h" : $"{age.TotalDays:0} d";
    }

    private static bool IsServed(FleetStore store) =>
        store.Setting("heartbeat") is { } text && TimeProvider.System.GetUtcNow() - DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) < TimeSpan.FromSeconds(5);
}
