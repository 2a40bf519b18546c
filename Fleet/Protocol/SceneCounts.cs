namespace Edge.Fleet.Protocol;

/// <summary>Counts of tracked objects on their way to a message; filled for every frame, allocated once.</summary>
public sealed class SceneCounts
{
    private readonly int[] _classes;
    private readonly int[] _inZones;
    private readonly long[] _crossings;

    /// <summary>Makes room for the counts of one pipeline and one model.</summary>
    /// <param name="classes">How many classes the model tells apart.</param>
    /// <param name="zones">The names of the zones.</param>
    /// <param name="lines">The names of the lines.</param>
    public SceneCounts(int classes, IReadOnlyList<string> zones, IReadOnlyList<string> lines)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentNullException.ThrowIfNull(zones);
        ArgumentNullException.ThrowIfNull(lines);
        (Zones, Lines) = (zones, lines);
        _classes = new int[classes];
        _inZones = new int[classes * zones.Count];
        _crossings = new long[lines.Count * 2];
    }

    /// <summary>The names of the zones.</summary>
    public IReadOnlyList<string> Zones { get; }

    /// <summary>The names of the lines.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>How many objects of each class there are.</summary>
    public Span<int> Classes => _classes;

    /// <summary>How many objects of each class are in each zone, zone after zone.</summary>
    public Span<int> InZones => _inZones;

    /// <summary>Crossings of each line: from its left to its right, then the other way.</summary>
    public Span<long> Crossings => _crossings;

    /// <summary>How many objects of each class are in a zone.</summary>
    /// <param name="zone">The zone by number.</param>
    public ReadOnlySpan<int> InZone(int zone) => _inZones.AsSpan(zone * _classes.Length, _classes.Length);
}
