using Edge.Packages;

namespace Edge.Inference.Sensors;

/// <summary>
/// The last readings, normalised, as the model wants them: a ring of rows, cut where readings are missing or time jumps. After
/// construction it allocates nothing. One thread at a time.
/// </summary>
public sealed class ReadingWindow
{
    private readonly WindowOptions _options;
    private readonly Normalization _normalization;
    private readonly int _columns;
    private readonly int _length;
    private readonly float[] _rows;
    private readonly float[] _known;
    private readonly long[] _knownSince;
    private long _count;
    private long _lastTime;
    private bool _hasTime;

    /// <summary>Makes an empty window.</summary>
    /// <param name="spec">Columns, length, means and deviations.</param>
    /// <param name="options">Stride, gaps, missing values.</param>
    public ReadingWindow(SensorSpec spec, WindowOptions options)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _columns = spec.Columns.Count;
        _length = Math.Max(1, spec.Window);
        float[] means = new float[_columns];
        float[] deviations = new float[_columns];
        for (int i = 0; i < _columns; i++)
        {
            (means[i], deviations[i]) = (spec.Mean.Count > 0 ? spec.Mean[i] : 0, spec.Std.Count > 0 ? spec.Std[i] : 1);
        }
        _normalization = new Normalization(1, means, deviations);
        _rows = new float[_length * _columns];
        _known = new float[_columns];
        _knownSince = new long[_columns];
        Array.Fill(_known, float.NaN);
    }

    /// <summary>How often the window began anew because of a gap or a reading that was left out.</summary>
    public long Cuts { get; private set; }

    /// <summary>Adds a reading.</summary>
    /// <param name="time">When it was taken, in ticks of 100 ns.</param>
    /// <param name="values">One a column; NaN where one is missing.</param>
    /// <returns>Whether a window is to be looked at.</returns>
    /// <exception cref="ArgumentException">There is another number of values.</exception>
    public bool Add(long time, ReadOnlySpan<float> values)
    {
        if (values.Length != _columns)
        {
            throw new ArgumentException($"{values.Length} values for {_columns} columns", nameof(values));
        }
        bool isGap = _hasTime && (time < _lastTime || (_options.MaximumGap > TimeSpan.Zero && time - _lastTime > _options.MaximumGap.Ticks));
        (_lastTime, _hasTime) = (time, true);
        if (isGap)
        {
            Cut();
        }
        Span<float> row = _rows.AsSpan((int)(_count % _length) * _columns, _columns);
        for (int i = 0; i < _columns; i++)
        {
            float value = values[i];
            if (float.IsFinite(value))
            {
                (_known[i], _knownSince[i]) = (value, time);
            }
            else if (_options.Missing == MissingReading.ForwardFill && float.IsFinite(_known[i]) && !IsStale(time, _knownSince[i]))
            {
                value = _known[i];
            }
            else if (_options.Missing == MissingReading.Mean)
            {
                row[i] = 0;
                continue;
            }
            else
            {
                Cut();
                return false;
            }
            float product = value * _normalization.Multiply[i];
            row[i] = product + _normalization.Add[i];
        }
        _count++;
        return _count >= _length && (_count - _length) % _options.Stride == 0;
    }

    /// <summary>Copies the window, the oldest reading first.</summary>
    /// <param name="target">As many values as the model's input has.</param>
    public void CopyTo(Span<float> target)
    {
        int oldest = (int)(_count % _length) * _columns;
        _rows.AsSpan(oldest).CopyTo(target);
        _rows.AsSpan(0, oldest).CopyTo(target[(_rows.Length - oldest)..]);
    }

    private bool IsStale(long time, long since) => _options.MaximumAge > TimeSpan.Zero && time - since > _options.MaximumAge.Ticks;

    private void Cut()
    {
        Cuts += _count > 0 ? 1 : 0;
        _count = 0;
    }
}
