namespace Edge.Inference;

/// <summary>
/// Turns tracks into events: objects that come and go, enter and leave zones, cross lines, loiter, stop and move on. While an object
/// is hidden (<see cref="TrackState.Lost"/>) its state stands still: a prediction enters no zone. The same tracks and times give the
/// same events. After warm-up it allocates nothing. One thread at a time.
/// </summary>
public sealed class SceneMonitor
{
    private readonly SceneOptions _options;
    private readonly ObjectState[] _states;
    private readonly long[] _crossings;
    private SceneEvent[] _events = new SceneEvent[64];
    private int _eventCount;

    /// <summary>Watches a scene.</summary>
    /// <param name="options">What to tell.</param>
    /// <param name="maximumTracks">The tracker's <see cref="TrackerOptions.MaximumTracks"/>.</param>
    /// <exception cref="InferenceException">An option is out of range.</exception>
    public SceneMonitor(SceneOptions options, int maximumTracks)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumTracks);
        options.Validate();
        _options = options;
        _crossings = new long[options.Lines.Count * 2];
        _states = new ObjectState[maximumTracks];
        for (int i = 0; i < _states.Length; i++)
        {
            _states[i] = new ObjectState(options);
        }
    }

    /// <summary>Takes the next frame's tracks in.</summary>
    /// <param name="tracks">What <see cref="ByteTracker.Update"/> returned.</param>
    /// <param name="width">The picture's width in pixels; above 0.</param>
    /// <param name="height">The picture's height in pixels; above 0.</param>
    /// <param name="time">The frame's time, as given to the tracker.</param>
    /// <returns>What happened, in the order of the tracks; valid until the next call.</returns>
    public ReadOnlySpan<SceneEvent> Update(ReadOnlySpan<Track> tracks, int width, int height, TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        _eventCount = 0;
        foreach (Track track in tracks)
        {
            ObjectState state = _states[track.Slot];
            if (state.Id != track.Id)
            {
                state.Clear(track.Id);
            }
            if (track.State == TrackState.Tracked)
            {
                See(state, track, width, height, time);
            }
            else if (track.State == TrackState.Ended && state.IsStarted)
            {
                End(state, time);
            }
        }
        return _events.AsSpan(0, _eventCount);
    }

    /// <summary>Ends every object: the picture is seen no more.</summary>
    /// <param name="time">When; not before the last frame.</param>
    /// <returns>What happened by that; valid until the next call.</returns>
    public ReadOnlySpan<SceneEvent> EndAll(TimeSpan time)
    {
        _eventCount = 0;
        foreach (ObjectState state in _states)
        {
            if (state.IsStarted)
            {
                End(state, time);
            }
        }
        return _events.AsSpan(0, _eventCount);
    }

    /// <summary>Counts objects by class, all of them and those of each zone, in one pass.</summary>
    /// <param name="classes">Gets how many there are of each class; classes beyond its length are left out.</param>
    /// <param name="inZones">Gets the same for each zone, zone after zone: as many elements as zones times classes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public void CountAll(Span<int> classes, Span<int> inZones)
    {
        if (inZones.Length != classes.Length * _options.Zones.Count)
        {
            throw new ArgumentException($"{inZones.Length} elements for {_options.Zones.Count} zones of {classes.Length} classes", nameof(inZones));
        }
        classes.Clear();
        inZones.Clear();
        foreach (ObjectState state in _states)
        {
            if (!state.IsStarted || state.Class >= classes.Length)
            {
                continue;
            }
            classes[state.Class]++;
            for (int zone = 0; zone < _options.Zones.Count; zone++)
            {
                inZones[(zone * classes.Length) + state.Class] += state.IsIn(zone) ? 1 : 0;
            }
        }
    }

    /// <summary>How many objects are in a zone.</summary>
    /// <param name="zone">The zone by number.</param>
    /// <param name="classNumber">Only objects of this class; −1 for all.</param>
    public int CountInZone(int zone, int classNumber = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(zone);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(zone, _options.Zones.Count);
        int count = 0;
        foreach (ObjectState state in _states)
        {
            count += state.IsStarted && state.IsIn(zone) && (classNumber < 0 || state.Class == classNumber) ? 1 : 0;
        }
        return count;
    }

    /// <summary>How many objects there are.</summary>
    /// <param name="classNumber">Only objects of this class; −1 for all.</param>
    public int Count(int classNumber = -1)
    {
        int count = 0;
        foreach (ObjectState state in _states)
        {
            count += state.IsStarted && (classNumber < 0 || state.Class == classNumber) ? 1 : 0;
        }
        return count;
    }

    /// <summary>How often a line was crossed.</summary>
    /// <param name="line">The line by number.</param>
    /// <param name="direction">1 from its left to its right, −1 back.</param>
    public long Crossings(int line, int direction) => _crossings[(line * 2) + (direction > 0 ? 1 : 0)];

    /// <summary>Where an object has been: its anchors at the bottom, evenly thinned, oldest first.</summary>
    /// <param name="slot">The object's <see cref="SceneObject.Slot"/>; asked for in the frame of its event.</param>
    public ReadOnlySpan<ScenePoint> Path(int slot) => _states[slot].Path.Points;

    private void See(ObjectState state, Track track, int width, int height, TimeSpan time)
    {
        Box box = track.Box;
        float area = box.Area / ((float)width * height);
        var bottom = new ScenePoint(box.CentreX / width, box.Bottom / height);
        var centre = new ScenePoint(box.CentreX / width, box.CentreY / height);
        if (!state.IsStarted)
        {
            if (time - track.FirstSeen < _options.StartAfter || !ObjectFilter.Admit(_options.Filters, track.Class, track.Score, area))
            {
                return;
            }
            state.Start(track, bottom, centre, time);
            Add(SceneEventKind.Start, state, -1, 0, time - state.FirstSeen);
        }
        state.See(track, time);
        FollowMovement(state, box, time);
        for (int i = 0; i < _options.Lines.Count; i++)
        {
            LineOptions line = _options.Lines[i];
            int direction = line.Anchor == Anchor.Bottom ? line.Crossing(state.Bottom, bottom) : line.Crossing(state.Centre, centre);
            if (direction != 0 && ObjectFilter.Admit(line.Filters, track.Class, track.Score, area))
            {
                _crossings[(i * 2) + (direction > 0 ? 1 : 0)]++;
                Add(SceneEventKind.LineCross, state, i, direction, time - state.FirstSeen);
            }
        }
        for (int i = 0; i < _options.Zones.Count; i++)
        {
            ZoneOptions zone = _options.Zones[i];
            bool isInside = zone.Contains(zone.Anchor == Anchor.Bottom ? bottom : centre)
                && (state.IsIn(i) || ObjectFilter.Admit(zone.Filters, track.Class, track.Score, area));
            FollowZone(state, i, zone, isInside, time);
        }
        state.MoveTo(bottom, centre);
        if (_options.UpdateEvery > TimeSpan.Zero && time - state.LastTold >= _options.UpdateEvery)
        {
            Add(SceneEventKind.Update, state, -1, 0, time - state.FirstSeen);
        }
        state.LastTold = _eventCount > 0 && _events[_eventCount - 1].Object.Id == state.Id ? time : state.LastTold;
    }

    private void FollowMovement(ObjectState state, Box box, TimeSpan time)
    {
        bool wasStationary = state.IsStationary;
        state.FollowRest(box, time, _options.StationaryAfter);
        if (state.IsStationary != wasStationary)
        {
            Add(state.IsStationary ? SceneEventKind.Stationary : SceneEventKind.Moving, state, -1, 0, time - state.FirstSeen);
        }
    }

    private void FollowZone(ObjectState state, int place, ZoneOptions zone, bool isInside, TimeSpan time)
    {
        ref ZoneStay stay = ref state.Stays[place];
        if (stay.Follow(isInside, time, zone))
        {
            state.SetIn(place, stay.IsInside);
            Add(stay.IsInside ? SceneEventKind.ZoneEnter : SceneEventKind.ZoneLeave, state, place, 0, (stay.IsInside ? time : stay.Changed) - stay.Since);
        }
        if (stay.BecomesLoitering(time, zone.LoiterAfter))
        {
            Add(SceneEventKind.Loiter, state, place, 0, time - stay.Since);
        }
    }

    private void End(ObjectState state, TimeSpan time)
    {
        for (int i = 0; i < _options.Zones.Count; i++)
        {
            if (state.IsIn(i))
            {
                state.SetIn(i, false);
                Add(SceneEventKind.ZoneLeave, state, i, 0, time - state.Stays[i].Since);
            }
        }
        Add(SceneEventKind.End, state, -1, 0, state.LastSeen - state.FirstSeen);
        state.Clear(0);
    }

    private void Add(SceneEventKind kind, ObjectState state, int place, int direction, TimeSpan dwell)
    {
        if (_eventCount == _events.Length)
        {
            Array.Resize(ref _events, _events.Length * 2);
        }
        _events[_eventCount++] = new SceneEvent(kind, state.ToObject(), place, direction, dwell);
    }
}
