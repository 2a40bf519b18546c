using System.Diagnostics;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Runtime.Configuration;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Sensors;

/// <summary>
/// Readings from one or several CSV files, brought together by their times: a reading has the newest value of every column that is
/// not too old. The first file's rows give the times, or an interval does. As fast as possible, or at a multiple of real time.
/// </summary>
internal sealed class CsvSource : IFrameSource
{
    private readonly CsvTable[] _tables;
    private readonly int[] _begins;
    private readonly float[] _values;
    private readonly long[] _valueTimes;
    private readonly string[] _columns;
    private readonly JsonEncodedText _name;
    private readonly string _label;
    private readonly long _interval;
    private readonly long _maximumAge;
    private readonly double _speed;
    private readonly bool _loop;
    private long _firstTime;
    private long _firstMoment;
    private long _next;
    private bool _isBegun;

    /// <summary>Opens the files.</summary>
    /// <exception cref="SourceException">One is not there, is no table, or has a column that another has.</exception>
    internal CsvSource(SourceConfig config)
    {
        IReadOnlyList<string> paths = config.Paths ?? [config.Path!];
        _interval = (long)((config.IntervalSeconds ?? 0) * TimeSpan.TicksPerSecond);
        _maximumAge = (long)((config.MaximumAgeSeconds ?? 0) * TimeSpan.TicksPerSecond);
        (_speed, _loop) = (config.Speed, config.Loop);
        _tables = new CsvTable[paths.Count];
        _begins = new int[paths.Count];
        var columns = new List<string>();
        try
        {
            for (int i = 0; i < _tables.Length; i++)
            {
                _tables[i] = new CsvTable(paths[i], config.TimeColumn, TimeSpan.FromTicks(_interval > 0 ? _interval : TimeSpan.TicksPerSecond));
                _begins[i] = columns.Count;
                columns.AddRange(_tables[i].Columns);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        _columns = [.. columns];
        _values = new float[_columns.Length];
        _valueTimes = new long[_tables.Length];
        _label = paths[0];
        _name = ClassificationResultWriter.EncodeText(Path.GetFileName(_label));
    }

    /// <summary>The names of the values.</summary>
    internal IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public bool Next(Frame frame, Pulse pulse, CancellationToken stop)
    {
        if (!HasNext())
        {
            if (!_loop)
            {
                return false;
            }
            Rewind();
            if (!HasNext())
            {
                return false;
            }
        }
        long time = _interval > 0 ? _next : _tables[0].Time;
        pulse.Leave();
        if (!WaitFor(time, stop))
        {
            return false;
        }
        pulse.Enter("read");
        frame.Begin();
        TakeUntil(time);
        _next = time + _interval;
        Reading.Write(frame, time, _values, _columns, _name, _label);
        return true;
    }

    public void Dispose() => Array.ForEach(_tables, table => table?.Dispose());

    /// <summary>Whether there is a reading: with an interval as long as any file has rows, otherwise as long as the first has.</summary>
    private bool HasNext()
    {
        if (_interval == 0)
        {
            return _tables[0].HasRow;
        }
        bool any = false;
        long first = long.MaxValue;
        foreach (CsvTable table in _tables)
        {
            any |= table.HasRow;
            first = Math.Min(first, table.HasRow ? table.Time : long.MaxValue);
        }
        if (!_isBegun && any)
        {
            (_next, _isBegun) = (first, true);
        }
        return any;
    }

    private void Rewind()
    {
        foreach (CsvTable table in _tables)
        {
            table.Rewind();
        }
        Array.Fill(_values, float.NaN);
        (_isBegun, _firstMoment) = (false, 0);
    }

    /// <summary>Takes every row up to a time; what is then too old is missing.</summary>
    private void TakeUntil(long time)
    {
        for (int i = 0; i < _tables.Length; i++)
        {
            CsvTable table = _tables[i];
            Span<float> values = _values.AsSpan(_begins[i], table.Columns.Length);
            // One row at a time of the file that gives the times, even where it has several of one time.
            bool isFirst = i == 0 && _interval == 0;
            bool took = false;
            while (table.HasRow && (isFirst ? !took : table.Time <= time))
            {
                table.Values.CopyTo(values);
                _valueTimes[i] = table.Time;
                took = true;
                table.Advance();
            }
            if (_valueTimes[i] == 0 || (_maximumAge > 0 && time - _valueTimes[i] > _maximumAge))
            {
                values.Fill(float.NaN);
            }
        }
    }

    private bool WaitFor(long time, CancellationToken stop)
    {
        if (_speed <= 0)
        {
            return !stop.IsCancellationRequested;
        }
        if (_firstMoment == 0)
        {
            (_firstTime, _firstMoment) = (time, Stopwatch.GetTimestamp());
        }
        double seconds = Math.Max(0, (double)(time - _firstTime) / TimeSpan.TicksPerSecond / _speed);
        return SampleClock.WaitUntil(_firstMoment + (long)(seconds * Stopwatch.Frequency), stop);
    }
}
