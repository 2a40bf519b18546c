using System.Numerics;

namespace Edge.Inference;

/// <summary>
/// Gives detections of successive frames lasting numbers (ByteTrack, Zhang et al. 2022, arXiv:2110.06864): first detections of high
/// score are matched to where the tracks should be, then what is left of the tracks to detections of low score, which are mostly
/// objects half hidden. Only boxes of the same class match. The same detections and times give the same tracks. After warm-up it
/// allocates nothing. One thread at a time.
/// </summary>
public sealed class ByteTracker
{
    // Costs are 1 − overlap; these two limits are the paper's.
    private const float LowScoreLimit = 0.5f;
    private const float TentativeLimit = 0.7f;
    private const float DuplicateOverlap = 0.85f;

    private TrackerOptions _options;
    private readonly LinearAssignment _assignment = new();
    private readonly Track[] _slots;
    private readonly ulong[] _usedSlots;
    private readonly Track[] _live;
    private readonly Track[] _rows;
    private readonly Track[] _given;
    private int[] _high = [];
    private int[] _low = [];
    private float[] _costs = [];
    private int _liveCount;
    private int _highCount;
    private int _lowCount;
    private long _lastId;
    private TimeSpan? _lastTime;

    /// <summary>Starts with no track.</summary>
    /// <param name="options">How to track; copied.</param>
    /// <exception cref="InferenceException">An option is out of range.</exception>
    public ByteTracker(TrackerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options with { };
        _slots = new Track[options.MaximumTracks];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new Track { Slot = i };
        }
        _usedSlots = new ulong[(_slots.Length + 63) / 64];
        _live = new Track[_slots.Length];
        _rows = new Track[_slots.Length];
        _given = new Track[_slots.Length];
    }

    /// <summary>Tracks by other options from the next frame on; the tracks go on.</summary>
    /// <param name="options">How to track; copied.</param>
    /// <exception cref="InferenceException">An option is out of range.</exception>
    /// <exception cref="ArgumentException"><see cref="TrackerOptions.MaximumTracks"/> is another than before.</exception>
    public void Retune(TrackerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.MaximumTracks != _slots.Length)
        {
            throw new ArgumentException($"there is room for {_slots.Length} tracks, not for {options.MaximumTracks}", nameof(options));
        }
        _options = options with { };
    }

    /// <summary>Takes the next frame's detections in.</summary>
    /// <param name="detections">What was found, in any order; boxes that are empty or not finite are passed over.</param>
    /// <param name="time">When the frame was taken, on a clock that does not go back.</param>
    /// <returns>
    /// The confirmed tracks, oldest first, with those that this frame ended (<see cref="TrackState.Ended"/>); valid until the next call.
    /// </returns>
    public ReadOnlySpan<Track> Update(ReadOnlySpan<Detection> detections, TimeSpan time)
    {
        RemoveEnded();
        Sort(detections);
        float frames = _lastTime is { } last ? (float)Math.Clamp((time - last) / _options.FrameInterval, 1e-3, 1e6) : 1;
        _lastTime = time;
        for (int i = 0; i < _liveCount; i++)
        {
            _live[i].Predict(frames);
        }
        float limit = 1 - _options.MatchOverlap;
        _highCount = Match(Select(TrackState.Tracked, TrackState.Lost), detections, _high.AsSpan(0, _highCount), limit, isFused: true, time);
        _lowCount = Match(Select(TrackState.Tracked, TrackState.Tracked), detections, _low.AsSpan(0, _lowCount), LowScoreLimit, isFused: false, time);
        _highCount = Match(Select(TrackState.Tentative, TrackState.Tentative), detections, _high.AsSpan(0, _highCount), TentativeLimit, isFused: true, time);
        for (int i = 0; i < _liveCount; i++)
        {
            Age(_live[i], time);
        }
        EndDuplicates();
        for (int i = 0; i < _highCount; i++)
        {
            if (detections[_high[i]].Score >= _options.NewTrackScore)
            {
                Begin(detections[_high[i]], _high[i], time);
            }
        }
        int given = 0;
        for (int i = 0; i < _liveCount; i++)
        {
            if (_live[i].Id > 0)
            {
                _given[given++] = _live[i];
            }
        }
        return _given.AsSpan(0, given);
    }

    /// <summary>Forgets every track: none of them is seen again. Numbers go on.</summary>
    public void Forget()
    {
        Array.Clear(_usedSlots);
        (_liveCount, _lastTime) = (0, null);
    }

    // Indices of the usable detections, split by score; each part in falling order of score, the lower index first among equals.
    private void Sort(ReadOnlySpan<Detection> detections)
    {
        if (_high.Length < detections.Length)
        {
            _high = new int[detections.Length];
            _low = new int[detections.Length];
        }
        (_highCount, _lowCount) = (0, 0);
        for (int i = 0; i < detections.Length; i++)
        {
            ref readonly Detection detection = ref detections[i];
            if (!detection.Box.IsProper || !(detection.Score >= _options.LowScore))
            {
                continue;
            }
            bool isHigh = detection.Score >= _options.HighScore;
            Span<int> part = isHigh ? _high : _low;
            int place = isHigh ? _highCount++ : _lowCount++;
            for (; place > 0 && detections[part[place - 1]].Score < detection.Score; place--)
            {
                part[place] = part[place - 1];
            }
            part[place] = i;
        }
    }

    private int Select(TrackState one, TrackState other)
    {
        int count = 0;
        for (int i = 0; i < _liveCount; i++)
        {
            Track track = _live[i];
            if (!track.IsSeen && (track.State == one || track.State == other))
            {
                _rows[count++] = track;
            }
        }
        return count;
    }

    // Matches the selected tracks to some detections; the detections left over move to the front, and their number is returned.
    private int Match(int rows, ReadOnlySpan<Detection> detections, Span<int> columns, float limit, bool isFused, TimeSpan time)
    {
        if (_costs.Length < rows * columns.Length)
        {
            _costs = new float[rows * columns.Length];
        }
        Span<float> costs = _costs.AsSpan(0, rows * columns.Length);
        for (int row = 0; row < rows; row++)
        {
            Track track = _rows[row];
            for (int column = 0; column < columns.Length; column++)
            {
                ref readonly Detection detection = ref detections[columns[column]];
                float overlap = detection.Class == track.Class ? Box.Overlap(track.Box, detection.Box) : 0;
                costs[(row * columns.Length) + column] = 1 - (isFused ? overlap * detection.Score : overlap);
            }
        }
        ReadOnlySpan<int> assigned = _assignment.Solve(costs, rows, columns.Length, limit);
        for (int row = 0; row < rows; row++)
        {
            if (assigned[row] >= 0)
            {
                _rows[row].See(detections[columns[assigned[row]]], columns[assigned[row]], time);
                columns[assigned[row]] = -1;
            }
        }
        int left = 0;
        foreach (int index in columns)
        {
            if (index >= 0)
            {
                columns[left++] = index;
            }
        }
        return left;
    }

    private void Age(Track track, TimeSpan time)
    {
        if (track.IsSeen)
        {
            track.Id = track.Id > 0 ? track.Id : ++_lastId;
            track.State = TrackState.Tracked;
        }
        else
        {
            bool isOver = track.State == TrackState.Tentative || time - track.LastSeen > _options.LostFor;
            track.State = isOver ? TrackState.Ended : TrackState.Lost;
        }
    }

    // A lost track that lies where a seen one is was that object all along: the one with the longer history goes on.
    private void EndDuplicates()
    {
        for (int i = 0; i < _liveCount; i++)
        {
            Track lost = _live[i];
            for (int j = 0; j < _liveCount && lost.State == TrackState.Lost; j++)
            {
                Track seen = _live[j];
                if (seen.State != TrackState.Tracked || seen.Class != lost.Class || Box.Overlap(seen.Box, lost.Box) <= DuplicateOverlap)
                {
                    continue;
                }
                if (lost.LastSeen - lost.FirstSeen > seen.LastSeen - seen.FirstSeen)
                {
                    lost.TakeOver(seen);
                    seen.State = TrackState.Ended;
                }
                else
                {
                    lost.State = TrackState.Ended;
                }
            }
        }
    }

    private void Begin(in Detection detection, int index, TimeSpan time)
    {
        for (int word = 0; word < _usedSlots.Length; word++)
        {
            int slot = (word * 64) + BitOperations.TrailingZeroCount(~_usedSlots[word]);
            if (_usedSlots[word] != ulong.MaxValue && slot < _slots.Length)
            {
                _usedSlots[word] |= 1UL << (slot % 64);
                _slots[slot].Begin(detection, index, time);
                _live[_liveCount++] = _slots[slot];
                return;
            }
        }
    }

    private void RemoveEnded()
    {
        int left = 0;
        for (int i = 0; i < _liveCount; i++)
        {
            Track track = _live[i];
            if (track.State == TrackState.Ended)
            {
                _usedSlots[track.Slot / 64] &= ~(1UL << (track.Slot % 64));
            }
            else
            {
                _live[left++] = track;
            }
        }
        _liveCount = left;
    }
}
