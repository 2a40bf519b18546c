using Edge.Inference;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Scenes;

/// <summary>Which pictures are made, and how.</summary>
internal sealed class SnapshotPlan
{
    private readonly int _kinds;
    private readonly IReadOnlyList<int> _blurred;

    /// <summary>Takes a checked configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="blurred">The numbers of the classes that are made unrecognizable.</param>
    internal SnapshotPlan(SnapshotConfig config, IReadOnlyList<int> blurred)
    {
        foreach (string name in config.On)
        {
            _kinds |= 1 << Array.IndexOf(SceneCheck.Events, name);
        }
        _blurred = blurred;
        BlursOutside = config.Blur == SnapshotConfig.BlurOutside;
        Quality = config.Quality;
        Interval = TimeSpan.FromSeconds(config.IntervalSeconds);
    }

    /// <summary>Whether all but the object is made unrecognizable.</summary>
    internal bool BlursOutside { get; }

    /// <summary>JPEG quality.</summary>
    internal int Quality { get; }

    /// <summary>The least time between two pictures.</summary>
    internal TimeSpan Interval { get; }

    /// <summary>Whether an event is worth a picture.</summary>
    internal bool Wants(SceneEventKind kind) => (_kinds & (1 << (int)kind)) != 0;

    /// <summary>Whether objects of a class are made unrecognizable.</summary>
    internal bool Blurs(int classNumber)
    {
        for (int i = 0; i < _blurred.Count; i++)
        {
            if (_blurred[i] == classNumber)
            {
                return true;
            }
        }
        return false;
    }
}
