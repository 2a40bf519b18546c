using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Inference.Sensors;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Sensors;

/// <summary>
/// A model of readings as one pipeline uses it: readings go in by the names of their columns, a class or an anomaly that does not
/// flicker comes out. After warm-up a reading allocates nothing. One thread at a time.
/// </summary>
internal sealed class SensorTask : IDisposable
{
    private readonly SensorRunner _runner;
    private readonly SensorResultWriter _writer;
    private readonly SteadyState _state;
    private readonly IReadOnlyList<string> _wanted;
    private readonly string _package;
    private readonly float[] _row;
    private readonly int[] _places;
    private readonly float[] _anomaly = new float[2];
    private readonly bool _isAnomaly;
    private readonly double? _threshold;
    private readonly float _margin;
    private IReadOnlyList<string>? _columns;
    private long _time;

    /// <summary>Prepares a model for a pipeline, and runs it once.</summary>
    /// <exception cref="Inference.InferenceException">Model and manifest differ, or the engine fails.</exception>
    /// <exception cref="ConfigException">The configuration does not fit the package.</exception>
    internal SensorTask(PipelineConfig config, SensorModel model, ModelReference reference)
    {
        ReadingsConfig readings = config.Readings ?? new ReadingsConfig();
        SensorSpec spec = model.Spec;
        Columns = spec.Columns;
        _package = model.Package.Source;
        _wanted = Wanted(config, spec, _package);
        _isAnomaly = model.Task == ModelTask.Anomaly;
        _threshold = readings.AnomalyThreshold ?? model.Package.Manifest.Output.AnomalyThreshold;
        _margin = (float)readings.Hysteresis;
        _row = new float[spec.Columns.Count];
        _places = new int[_row.Length];
        _state = new SteadyState(_isAnomaly ? 0 : _margin, TimeSpan.FromSeconds(readings.MinimumSeconds));
        _runner = model.CreateRunner(Options(readings, spec), config.TopK);
        _writer = new SensorResultWriter(config.Name, reference, model.Package.Labels, spec.Columns);
        _runner.Session.Run();
    }

    /// <summary>How many classes the model tells apart; of an anomaly detector 2, usual and unusual.</summary>
    internal int Classes => _isAnomaly ? 2 : _runner.Classes;

    /// <summary>The names of the readings, as the package has them.</summary>
    internal IReadOnlyList<string> Columns { get; }

    /// <summary>Whether another class holds than before the last window; the first usual state of an anomaly detector is none.</summary>
    internal bool HasChanged { get; private set; }

    /// <summary>The last reading, one value a column; NaN where one is missing.</summary>
    internal ReadOnlySpan<float> Readings => _row;

    /// <summary>The class that holds; −1 before the first.</summary>
    internal int State => _state.Class;

    /// <summary>Says what of a configuration does not fit a package.</summary>
    /// <exception cref="ConfigException">The package is not of readings, or columns do not fit.</exception>
    /// <exception cref="SourceException">The source is not there.</exception>
    internal static void Check(Package package, PipelineConfig config)
    {
        if (package.Manifest.Sensor is not { } spec)
        {
            throw new ConfigException($"{package.Source}: the package's task is {package.Manifest.Task}, but the source gives readings: use a package that was made from a table");
        }
        IReadOnlyList<string> wanted = Wanted(config, spec, package.Source);
        if (config.Source.Type == SourceConfig.Csv)
        {
            using var source = new CsvSource(config.Source);
            Locate(wanted, source.Columns, new int[wanted.Count], package.Source);
        }
    }

    /// <summary>Adds a reading.</summary>
    /// <param name="frame">The reading.</param>
    /// <param name="threshold">Classes below are not named.</param>
    /// <param name="result">Gets what was found.</param>
    /// <returns>Whether a window was due.</returns>
    /// <exception cref="ConfigException">The source lacks a column.</exception>
    /// <exception cref="Inference.InferenceException">The engine failed.</exception>
    internal bool Look(Frame frame, float threshold, FrameResult result)
    {
        if (!ReferenceEquals(frame.Columns, _columns))
        {
            Locate(_wanted, frame.Columns ?? [], _places, _package);
            _columns = frame.Columns;
        }
        ReadOnlySpan<float> values = Reading.Values(frame);
        for (int i = 0; i < _row.Length; i++)
        {
            _row[i] = values[_places[i]];
        }
        int before = _state.Class;
        _time = Reading.Time(frame);
        _runner.Threshold = threshold;
        if (!_runner.TryRun(_time, _row))
        {
            return false;
        }
        HasChanged = _isAnomaly ? Judge(_runner.AnomalyScore) : _state.Update(_time, _runner.Probabilities);
        HasChanged &= !_isAnomaly || before >= 0 || _state.Class == 1;
        result.Set(_runner, _state.Class);
        return true;
    }

    /// <summary>Writes the message of the last window.</summary>
    /// <returns>The JSON, valid until the next call.</returns>
    internal ReadOnlySpan<byte> Write(long sequence, DateTime timeUtc, JsonEncodedText source, FrameResult result) =>
        _writer.Write(sequence, timeUtc, source, Findings(result), result.Times);

    /// <summary>Writes that the last window has changed what holds.</summary>
    /// <returns>The JSON, valid until the next call.</returns>
    internal ReadOnlySpan<byte> WriteEvent(long sequence, DateTime timeUtc, JsonEncodedText source, FrameResult result) =>
        _writer.WriteEvent(sequence, timeUtc, source, Findings(result));

    public void Dispose()
    {
        _runner.Dispose();
        _writer.Dispose();
    }

    private SensorFindings Findings(FrameResult result) => new()
    {
        ReadingTime = new DateTime(_time, DateTimeKind.Utc),
        Readings = _row,
        Classes = result.Classes,
        Scores = result.Scores,
        State = _state.Class,
        StateSince = new DateTime(_state.Since, DateTimeKind.Utc),
        HasAnomaly = _isAnomaly,
        AnomalyScore = _runner.AnomalyScore,
        AnomalyThreshold = _threshold,
        IsAnomaly = _isAnomaly && _state.Class == 1,
    };

    // Usual and unusual are two classes, of which one is certain: an anomaly ends where its score has fallen below the margin too.
    private bool Judge(double score)
    {
        double limit = (_threshold ?? double.PositiveInfinity) * (_state.Class == 1 ? 1 - _margin : 1);
        (_anomaly[0], _anomaly[1]) = score > limit || double.IsNaN(score) ? (0, 1) : (1, 0);
        return _state.Update(_time, _anomaly);
    }

    private static WindowOptions Options(ReadingsConfig readings, SensorSpec spec) => new()
    {
        Stride = readings.Stride,
        MaximumGap = TimeSpan.FromSeconds(readings.MaximumGapSeconds ?? spec.MaximumGapSeconds),
        MaximumAge = TimeSpan.FromSeconds(readings.MaximumAgeSeconds),
        Missing = readings.Missing switch
        {
            ReadingsConfig.Mean => MissingReading.Mean,
            ReadingsConfig.Drop => MissingReading.Drop,
            _ => MissingReading.ForwardFill,
        },
    };

    private static IReadOnlyList<string> Wanted(PipelineConfig config, SensorSpec spec, string package)
    {
        IReadOnlyList<string> wanted = config.Readings?.Columns ?? spec.Columns;
        return wanted.Count == spec.Columns.Count
            ? wanted
            : throw new ConfigException($"{package}: the model takes {spec.Columns.Count} columns ({string.Join(", ", spec.Columns)}), readings.columns names {wanted.Count}: name one for each, in this order");
    }

    private static void Locate(IReadOnlyList<string> wanted, IReadOnlyList<string> columns, int[] places, string package)
    {
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = -1;
            for (int c = 0; c < columns.Count && places[i] < 0; c++)
            {
                places[i] = string.Equals(columns[c], wanted[i], StringComparison.OrdinalIgnoreCase) ? c : -1;
            }
            if (places[i] < 0)
            {
                throw new ConfigException($"{package}: the model takes '{wanted[i]}', the source has {string.Join(", ", columns)}: say in readings.columns what it is called there");
            }
        }
    }
}
