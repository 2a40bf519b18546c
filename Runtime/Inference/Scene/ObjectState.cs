namespace Edge.Inference;

/// <summary>What a <see cref="SceneMonitor"/> remembers of one object.</summary>
internal sealed class ObjectState(SceneOptions options)
{
    // Detectors jitter by a few percent of a box; below this overlap with where it came to rest it has moved.
    private const float RestOverlap = 0.8f;

    private float _score;
    private Box _box;
    private float _bestScore;
    private Box _bestBox;
    private TimeSpan _bestTime;
    private ulong _zones;
    private Box _restBox;
    private TimeSpan _restSince;

    public long Id { get; private set; }

    public int Class { get; private set; }

    public bool IsStarted { get; private set; }

    public bool IsStationary { get; private set; }

    public TimeSpan FirstSeen { get; private set; }

    public TimeSpan LastSeen { get; private set; }

    public TimeSpan LastTold { get; set; }

    public ScenePoint Bottom { get; private set; }

    public ScenePoint Centre { get; private set; }

    public int Slot { get; private set; }

    public ZoneStay[] Stays { get; } = new ZoneStay[options.Zones.Count];

    public ThinnedPath Path { get; } = new(options.PathPoints);

    public bool IsIn(int zone) => (_zones & (1UL << zone)) != 0;

    public void SetIn(int zone, bool isIn) => _zones = isIn ? _zones | (1UL << zone) : _zones & ~(1UL << zone);

    public void Clear(long id) => (Id, IsStarted) = (id, false);

    public void Start(Track track, ScenePoint bottom, ScenePoint centre, TimeSpan time)
    {
        (IsStarted, Class, FirstSeen, Slot, LastTold) = (true, track.Class, track.FirstSeen, track.Slot, time);
        (_bestScore, _zones, IsStationary, _restBox, _restSince) = (-1, 0, false, track.Box, time);
        (Bottom, Centre) = (bottom, centre);
        Array.Clear(Stays);
        Path.Clear();
        See(track, time);
    }

    public void See(Track track, TimeSpan time)
    {
        (_score, _box, LastSeen) = (track.Score, track.Box, time);
        if (track.Score > _bestScore)
        {
            (_bestScore, _bestBox, _bestTime) = (track.Score, track.DetectedBox, time);
        }
    }

    public void FollowRest(Box box, TimeSpan time, TimeSpan stationaryAfter)
    {
        if (Box.Overlap(box, _restBox) < RestOverlap)
        {
            (_restBox, _restSince, IsStationary) = (box, time, false);
        }
        else if (stationaryAfter > TimeSpan.Zero && time - _restSince >= stationaryAfter)
        {
            IsStationary = true;
        }
    }

    public void MoveTo(ScenePoint bottom, ScenePoint centre)
    {
        (Bottom, Centre) = (bottom, centre);
        Path.Add(bottom);
    }

    public SceneObject ToObject() => new(
        Id, Class, _score, _box, _bestScore, _bestBox, _bestTime, FirstSeen, LastSeen, IsStationary, _zones, Slot);
}
