using Edge.Foundation;

namespace Edge.Runtime.Configuration;

/// <summary>Checks what a pipeline says about tracking, zones, lines and snapshots.</summary>
internal static class SceneCheck
{
    private const int MaximumPlaces = 64;
    private const int MaximumPoints = 64;
    private const int MaximumName = 64;
    private const double LongestSeconds = 86_400;

    /// <summary>The events, by their names in messages.</summary>
    internal static readonly string[] Events = ["start", "update", "end", "zoneEnter", "zoneLeave", "loiter", "lineCross", "stationary", "moving"];

    /// <summary>The events that a picture can be made of: at its end an object is no longer in the picture.</summary>
    internal static readonly string[] SnapshotEvents = Array.FindAll(Events, name => name != "end");

    internal static readonly string[] Anchors = [ZoneConfig.Bottom, ZoneConfig.Centre];

    internal static readonly string[] Blurs = [SnapshotConfig.NoBlur, SnapshotConfig.BlurOutside, SnapshotConfig.BlurClasses];

    internal static void Check(PipelineConfig pipeline, string path, Problems problems)
    {
        if (pipeline.Track is { } track)
        {
            CheckTrack(track, $"{path}.track", problems);
        }
        problems.Require(pipeline.Zones.Count <= MaximumPlaces, $"{path}.zones: more than {MaximumPlaces}");
        problems.Require(pipeline.Lines.Count <= MaximumPlaces, $"{path}.lines: more than {MaximumPlaces}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < pipeline.Zones.Count; i++)
        {
            CheckZone(pipeline.Zones[i], $"{path}.zones[{i}]", names, problems);
        }
        for (int i = 0; i < pipeline.Lines.Count; i++)
        {
            LineConfig line = pipeline.Lines[i];
            string where = $"{path}.lines[{i}]";
            CheckName(line.Name, $"{where}.name", names, problems);
            bool isLine = CheckPoint(line.From, $"{where}.from", problems) & CheckPoint(line.To, $"{where}.to", problems);
            problems.Require(!isLine || line.From[0] != line.To[0] || line.From[1] != line.To[1], $"{where}.to: is where from is: a line needs two ends");
            problems.RequireOneOf(line.Anchor, Anchors, $"{where}.anchor");
            CheckFilters(line.Filters, $"{where}.filters", problems);
        }
        if (pipeline.Snapshot is { } snapshot)
        {
            CheckSnapshot(snapshot, $"{path}.snapshot", problems);
        }
    }

    /// <summary>Checks the class names of a pipeline against a package's labels.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="labels">One name a class.</param>
    /// <param name="problem">Told of each name that is none, with where it stands and what to do.</param>
    internal static void CheckClasses(PipelineConfig pipeline, IReadOnlyList<string> labels, Action<string> problem)
    {
        Filters(pipeline.Track?.Filters ?? [], "track.filters");
        for (int i = 0; i < pipeline.Zones.Count; i++)
        {
            Filters(pipeline.Zones[i].Filters, $"zones[{i}].filters");
        }
        for (int i = 0; i < pipeline.Lines.Count; i++)
        {
            Filters(pipeline.Lines[i].Filters, $"lines[{i}].filters");
        }
        Names(pipeline.Snapshot?.Classes ?? [], "snapshot.classes");

        void Filters(IReadOnlyList<FilterConfig> filters, string where)
        {
            for (int i = 0; i < filters.Count; i++)
            {
                Names(filters[i].Classes, $"{where}[{i}].classes");
            }
        }

        void Names(IReadOnlyList<string> names, string where)
        {
            for (int i = 0; i < names.Count; i++)
            {
                if (NumberOf(names[i], labels) < 0)
                {
                    string hint = NearestName.Of(names[i], labels) is { } nearest ? $"did you mean \"{nearest}\"?" : "see the package's labels";
                    problem($"{where}[{i}]: the model has no class \"{names[i]}\": {hint}");
                }
            }
        }
    }

    /// <summary>The number of a class name; −1 where there is none.</summary>
    internal static int NumberOf(string name, IReadOnlyList<string> labels)
    {
        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i] == name)
            {
                return i;
            }
        }
        return -1;
    }

    private static void CheckTrack(TrackConfig track, string path, Problems problems)
    {
        ConfigCheck.CheckRange(track.HighScore ?? 0, 0, 1, $"{path}.highScore", problems);
        ConfigCheck.CheckRange(track.LowScore ?? 0, 0, 1, $"{path}.lowScore", problems);
        ConfigCheck.CheckRange(track.NewScore ?? 0, 0, 1, $"{path}.newScore", problems);
        problems.Require(!(track.LowScore > track.HighScore), $"{path}.lowScore: {track.LowScore}: must not be above highScore");
        ConfigCheck.CheckRange(track.MatchOverlap, 0, 1, $"{path}.matchOverlap", problems);
        ConfigCheck.CheckRange(track.LostSeconds, 0, 3600, $"{path}.lostSeconds", problems);
        ConfigCheck.CheckRange(track.FramesPerSecond, 0.001, 10_000, $"{path}.framesPerSecond", problems);
        ConfigCheck.CheckRange(track.MaximumObjects, 1, 1000, $"{path}.maximumObjects", problems);
        ConfigCheck.CheckRange(track.StartSeconds, 0, LongestSeconds, $"{path}.startSeconds", problems);
        ConfigCheck.CheckRange(track.UpdateSeconds, 0, LongestSeconds, $"{path}.updateSeconds", problems);
        ConfigCheck.CheckRange(track.StationarySeconds, 0, LongestSeconds, $"{path}.stationarySeconds", problems);
        ConfigCheck.CheckRange(track.PathPoints, 2, 1000, $"{path}.pathPoints", problems);
        CheckFilters(track.Filters, $"{path}.filters", problems);
    }

    private static void CheckZone(ZoneConfig zone, string path, HashSet<string> names, Problems problems)
    {
        CheckName(zone.Name, $"{path}.name", names, problems);
        problems.Require(zone.Points.Count is >= 3 and <= MaximumPoints, $"{path}.points: {zone.Points.Count}: give 3 to {MaximumPoints} corners");
        for (int i = 0; i < zone.Points.Count; i++)
        {
            CheckPoint(zone.Points[i], $"{path}.points[{i}]", problems);
        }
        problems.RequireOneOf(zone.Anchor, Anchors, $"{path}.anchor");
        ConfigCheck.CheckRange(zone.EnterSeconds, 0, LongestSeconds, $"{path}.enterSeconds", problems);
        ConfigCheck.CheckRange(zone.LeaveSeconds, 0, LongestSeconds, $"{path}.leaveSeconds", problems);
        ConfigCheck.CheckRange(zone.LoiterSeconds, 0, LongestSeconds, $"{path}.loiterSeconds", problems);
        CheckFilters(zone.Filters, $"{path}.filters", problems);
    }

    private static void CheckName(string name, string path, HashSet<string> names, Problems problems)
    {
        if (problems.RequireText(name, path) && problems.Require(name.Length <= MaximumName, $"{path}: longer than {MaximumName} characters: shorten it"))
        {
            problems.Require(names.Add(name), $"{path}: \"{name}\" is taken by another zone or line: choose another name");
        }
    }

    private static bool CheckPoint(IReadOnlyList<double> point, string path, Problems problems) =>
        problems.Require(point.Count == 2, $"{path}: give two numbers, [x, y]")
        && problems.Require(point[0] is >= -1 and <= 2 && point[1] is >= -1 and <= 2, $"{path}: give shares of the picture's size: 0 to 1, or from -1 to 2 beyond its edges");

    private static void CheckFilters(IReadOnlyList<FilterConfig> filters, string path, Problems problems)
    {
        problems.Require(filters.Count <= MaximumPlaces, $"{path}: more than {MaximumPlaces}");
        for (int i = 0; i < filters.Count; i++)
        {
            FilterConfig filter = filters[i];
            ConfigCheck.CheckRange(filter.MinScore, 0, 1, $"{path}[{i}].minScore", problems);
            ConfigCheck.CheckRange(filter.MinArea, 0, 1, $"{path}[{i}].minArea", problems);
            ConfigCheck.CheckRange(filter.MaxArea, filter.MinArea, 1, $"{path}[{i}].maxArea", problems);
        }
    }

    private static void CheckSnapshot(SnapshotConfig snapshot, string path, Problems problems)
    {
        problems.Require(snapshot.On.Count > 0, $"{path}.on: empty: name events, or leave snapshot out");
        for (int i = 0; i < snapshot.On.Count; i++)
        {
            problems.RequireOneOf(snapshot.On[i], SnapshotEvents, $"{path}.on[{i}]");
        }
        problems.RequireOneOf(snapshot.Blur, Blurs, $"{path}.blur");
        problems.Require(snapshot.Blur == SnapshotConfig.BlurClasses == snapshot.Classes.Count > 0, $"{path}.classes: belongs to the blur \"classes\": give both or neither");
        ConfigCheck.CheckRange(snapshot.Quality, 1, 100, $"{path}.quality", problems);
        ConfigCheck.CheckRange(snapshot.IntervalSeconds, 0, LongestSeconds, $"{path}.intervalSeconds", problems);
    }
}
