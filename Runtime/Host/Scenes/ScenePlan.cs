using Edge.Inference;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Scenes;

/// <summary>What a pipeline is to make of a detector's boxes over time: its configuration with the model's class numbers.</summary>
internal sealed class ScenePlan
{
    private readonly PipelineConfig _config;
    private readonly IReadOnlyList<string> _labels;
    private readonly TrackConfig _track;

    private ScenePlan(PipelineConfig config, IReadOnlyList<string> labels)
    {
        (_config, _labels, _track) = (config, labels, config.Track ?? new TrackConfig());
        SceneCheck.CheckClasses(config, labels, problem => throw new ConfigException($"{config.Name}: {problem}"));
        double rate = config.Source.FramesPerSecond > 0 ? config.Source.FramesPerSecond : _track.FramesPerSecond;
        FrameInterval = TimeSpan.FromSeconds(1 / rate);
        Zones = Map(config.Zones, zone => zone.Name);
        Lines = Map(config.Lines, line => line.Name);
        Scene = new SceneOptions
        {
            Filters = Filters(_track.Filters),
            Zones = Map(config.Zones, Zone),
            Lines = Map(config.Lines, Line),
            StartAfter = TimeSpan.FromSeconds(_track.StartSeconds),
            StationaryAfter = TimeSpan.FromSeconds(_track.StationarySeconds),
            UpdateEvery = TimeSpan.FromSeconds(_track.UpdateSeconds),
            PathPoints = _track.PathPoints,
        };
        Snapshot = config.Snapshot is { } snapshot ? new SnapshotPlan(snapshot, Numbers(snapshot.Classes)) : null;
    }

    /// <summary>What is told of objects.</summary>
    internal SceneOptions Scene { get; }

    /// <summary>The names of the zones.</summary>
    internal IReadOnlyList<string> Zones { get; }

    /// <summary>The names of the lines.</summary>
    internal IReadOnlyList<string> Lines { get; }

    /// <summary>The pictures that are made; null for none.</summary>
    internal SnapshotPlan? Snapshot { get; }

    /// <summary>The time from one frame to the next, where none is left out.</summary>
    internal TimeSpan FrameInterval { get; }

    /// <summary>How long an object may be out of sight.</summary>
    internal TimeSpan LostFor => TimeSpan.FromSeconds(_track.LostSeconds);

    /// <summary>The plan of a pipeline; null where it follows no objects.</summary>
    /// <param name="config">The checked configuration.</param>
    /// <param name="labels">The model's class names.</param>
    /// <exception cref="ConfigException">A class name is not the model's.</exception>
    internal static ScenePlan? Of(PipelineConfig config, IReadOnlyList<string> labels) =>
        config.FollowsObjects ? new ScenePlan(config, labels) : null;

    /// <summary>Whether objects that are followed by another plan can be followed on by this one.</summary>
    internal bool Continues(ScenePlan other)
    {
        if (!_config.IsSameScene(other._config) || _labels.Count != other._labels.Count)
        {
            return false;
        }
        for (int i = 0; i < _labels.Count; i++)
        {
            if (_labels[i] != other._labels[i])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The least score that a box must have to be of use.</summary>
    /// <param name="threshold">The least score of a result.</param>
    internal float LeastScore(float threshold) => (float)(_track.LowScore ?? Math.Min(0.1, threshold));

    /// <summary>How boxes become tracks.</summary>
    /// <param name="threshold">The least score of a result.</param>
    internal TrackerOptions Tracker(float threshold)
    {
        float low = LeastScore(threshold);
        return new TrackerOptions
        {
            HighScore = Math.Max((float)(_track.HighScore ?? threshold), low),
            LowScore = low,
            NewTrackScore = (float)(_track.NewScore ?? threshold),
            MatchOverlap = (float)_track.MatchOverlap,
            LostFor = LostFor,
            FrameInterval = FrameInterval,
            MaximumTracks = _track.MaximumObjects,
        };
    }

    private ZoneOptions Zone(ZoneConfig zone) => new()
    {
        Name = zone.Name,
        Points = Map(zone.Points, Point),
        Anchor = AnchorOf(zone.Anchor),
        EnterAfter = TimeSpan.FromSeconds(zone.EnterSeconds),
        LeaveAfter = TimeSpan.FromSeconds(zone.LeaveSeconds),
        LoiterAfter = TimeSpan.FromSeconds(zone.LoiterSeconds),
        Filters = Filters(zone.Filters),
    };

    private LineOptions Line(LineConfig line) => new()
    {
        Name = line.Name,
        From = Point(line.From),
        To = Point(line.To),
        Anchor = AnchorOf(line.Anchor),
        Filters = Filters(line.Filters),
    };

    private ObjectFilter[] Filters(IReadOnlyList<FilterConfig> filters) => Map(filters, filter => new ObjectFilter
    {
        Classes = Numbers(filter.Classes),
        MinimumScore = (float)filter.MinScore,
        MinimumArea = (float)filter.MinArea,
        MaximumArea = (float)filter.MaxArea,
    });

    private int[] Numbers(IReadOnlyList<string> names) => Map(names, name => SceneCheck.NumberOf(name, _labels));

    private static ScenePoint Point(IReadOnlyList<double> point) => new((float)point[0], (float)point[1]);

    private static Anchor AnchorOf(string name) => name == ZoneConfig.Centre ? Anchor.Centre : Anchor.Bottom;

    private static TResult[] Map<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> change)
    {
        var changed = new TResult[items.Count];
        for (int i = 0; i < changed.Length; i++)
        {
            changed[i] = change(items[i]);
        }
        return changed;
    }
}
