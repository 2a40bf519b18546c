using System.Diagnostics;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Hardware.Sensors;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Sensors;

/// <summary>
/// Readings of this machine's own sensors on an exact schedule. A value that is too old, since its sensor fails or has nothing new,
/// is missing; where every sensor is away the source fails, which health says.
/// </summary>
internal sealed class SensorsSource : IFrameSource
{
    private const double DefaultMaximumAgeSeconds = 10;

    private readonly ISensor[] _sensors;
    private readonly SensorReading[] _readings;
    private readonly SensorStatus[] _said;
    private readonly List<(int Sensor, int Channel)> _places = [];
    private readonly List<string> _columns = [];
    private readonly float[] _values;
    private readonly SampleClock _clock;
    private readonly TimeSpan _maximumAge;
    private readonly string _label;
    private readonly JsonEncodedText _name;

    /// <summary>Opens the buses; sensors are set up when they are first read.</summary>
    /// <exception cref="Hardware.HardwareException">There is no such bus or device.</exception>
    /// <exception cref="SourceException">A sensor has no such channel, or two columns have one name.</exception>
    internal SensorsSource(SourceConfig config)
    {
        double interval = config.IntervalSeconds!.Value;
        _clock = new SampleClock(TimeSpan.FromSeconds(interval));
        _maximumAge = TimeSpan.FromSeconds(config.MaximumAgeSeconds ?? Math.Max(DefaultMaximumAgeSeconds, 2 * interval));
        IReadOnlyList<SensorConfig> wishes = config.Sensors!;
        _sensors = new ISensor[wishes.Count];
        _readings = new SensorReading[wishes.Count];
        _said = new SensorStatus[wishes.Count];
        try
        {
            for (int i = 0; i < wishes.Count; i++)
            {
                _sensors[i] = SensorCatalog.Open(wishes[i].Kind, wishes[i].Place);
                _readings[i] = new SensorReading(_sensors[i]);
                AddColumns(i, wishes[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        _values = new float[_columns.Count];
        _label = FrameSources.Describe(config);
        _name = ClassificationResultWriter.EncodeText(_label);
    }

    /// <inheritdoc/>
    public bool Next(Frame frame, Pulse pulse, CancellationToken stop)
    {
        pulse.Leave();
        if (!_clock.WaitForNext(stop))
        {
            return false;
        }
        pulse.Enter("read");
        frame.Begin();
        long time = TimeProvider.System.GetUtcNow().UtcTicks;
        bool any = false;
        for (int i = 0; i < _sensors.Length; i++)
        {
            _sensors[i].TryRead(_readings[i]);
            Say(i);
            any |= IsFresh(_readings[i]);
        }
        if (!any)
        {
            throw new SourceException($"{_sensors[0].Name}: {Words(_readings[0].Status)}{(_sensors.Length > 1 ? ", and nothing comes from the other sensors" : "")}: look at its wires and address");
        }
        for (int i = 0; i < _values.Length; i++)
        {
            (int sensor, int channel) = _places[i];
            _values[i] = IsFresh(_readings[sensor]) ? (float)_readings[sensor].Values[channel] : float.NaN;
        }
        Reading.Write(frame, time, _values, _columns, _name, _label);
        return true;
    }

    public void Dispose() => Array.ForEach(_sensors, sensor => sensor?.Dispose());

    private static string Words(SensorStatus status) => status switch
    {
        SensorStatus.NotReady => "has measured nothing yet",
        SensorStatus.NoAnswer => "does not answer",
        SensorStatus.BusFailed => "its bus fails",
        SensorStatus.WrongChip => "is another chip",
        SensorStatus.BadChecksum => "sends wrong checksums",
        SensorStatus.Invalid => "measures what cannot be",
        _ => "answers",
    };

    private void AddColumns(int sensor, SensorConfig wish)
    {
        IReadOnlyList<SensorChannel> channels = _sensors[sensor].Channels;
        var names = new List<string>();
        for (int i = 0; i < channels.Count; i++)
        {
            names.Add(channels[i].Name);
            string? column = channels[i].Name;
            if (wish.Columns is { } columns && !columns.TryGetValue(column, out column))
            {
                continue;
            }
            if (_columns.Contains(column))
            {
                throw new SourceException($"{_sensors[sensor].Name}: its {channels[i].Name} would be a second column \"{column}\": rename one in columns");
            }
            _columns.Add(column);
            _places.Add((sensor, i));
        }
        foreach (string name in wish.Columns?.Keys ?? [])
        {
            if (!names.Contains(name))
            {
                throw new SourceException($"{_sensors[sensor].Name}: measures no {name}: it measures {string.Join(", ", names)}");
            }
        }
    }

    private bool IsFresh(SensorReading reading) => reading.Timestamp != 0 && Stopwatch.GetElapsedTime(reading.Timestamp) <= _maximumAge;

    /// <summary>Says once that a sensor fails, and once that it is well again.</summary>
    private void Say(int i)
    {
        SensorStatus status = _readings[i].Status;
        if (status == SensorStatus.NotReady || status == _said[i])
        {
            return;
        }
        if (status == SensorStatus.Ok && _said[i] != default)
        {
            Log.Info($"{_sensors[i].Name}: answers again");
        }
        else if (status != SensorStatus.Ok)
        {
            Log.Warning($"{_sensors[i].Name}: {Words(status)}");
        }
        _said[i] = status;
    }
}
