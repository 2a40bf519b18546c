using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Inference.Sensors;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Sensors;

namespace Edge.Runtime.Models;

/// <summary>
/// A model as one pipeline uses it: a runner for each worker, and the writer of its messages. It counts its users (the pipeline,
/// and every frame on its way), and gives everything back when the last one leaves: so it can be changed between two frames.
/// </summary>
internal sealed class PipelineModel : IDisposable
{
    private readonly ModelShare _share;
    private readonly VisionRunner[] _runners;
    private readonly ClassificationResultWriter? _classes;
    private readonly DetectionResultWriter? _detections;
    private readonly SensorTask? _sensors;
    private int _users = 1;
    private int _disposed;

    /// <summary>Makes runners and runs each once, so that the first frame finds everything warm. Takes over the share, unless it throws.</summary>
    /// <exception cref="InferenceException">Model and manifest differ, or the engine fails.</exception>
    internal PipelineModel(PipelineConfig config, ModelShare share, int workers)
    {
        _share = share;
        Manifest manifest = share.Model.Package.Manifest;
        Reference = new ModelReference { Name = manifest.Name, Version = manifest.Version, Release = manifest.Release };
        Threshold = manifest.Output.Threshold;
        if (config.Source.IsReadings != share.Model is SensorModel)
        {
            throw new ConfigException($"{share.Model.Package.Source}: the package's task is {manifest.Task}, which does not fit a source of the type {config.Source.Type}: use another package or source");
        }
        if (share.Model is SensorModel sensors)
        {
            _runners = [];
            _sensors = new SensorTask(config, sensors, Reference);
            Drift = DriftReference.Of(manifest, Classes);
            return;
        }
        _runners = new VisionRunner[workers];
        try
        {
            for (int i = 0; i < workers; i++)
            {
                _runners[i] = ((VisionModel)share.Model).CreateRunner(config.TopK);
                _runners[i].Session.Run();
            }
        }
        catch
        {
            Array.ForEach(_runners, runner => runner?.Dispose());
            throw;
        }
        Drift = DriftReference.Of(manifest, _runners[0].Classes);
        if (share.Model.Task == ModelTask.Detect)
        {
            _detections = new DetectionResultWriter(config.Name, Reference, share.Model.Labels);
        }
        else
        {
            _classes = new ClassificationResultWriter(config.Name, Reference, share.Model.Package.Labels);
        }
    }

    internal ModelReference Reference { get; }

    /// <summary>The package's own threshold.</summary>
    internal double Threshold { get; }

    /// <summary>Who computes, and for what reason nobody better does.</summary>
    internal string Provider => _share.Model.ProviderReport.ToString();

    /// <summary>What drift is measured against; null where the package says nothing.</summary>
    internal DriftReference? Drift { get; }

    /// <summary>What looks at readings; null for a model of images.</summary>
    internal SensorTask? Sensors => _sensors;

    /// <summary>How many classes the model tells apart.</summary>
    internal int Classes => _sensors?.Classes ?? _runners[0].Classes;

    /// <summary>A worker's runner.</summary>
    internal VisionRunner Runner(int worker) => _runners[worker];

    /// <summary>Writes a frame's message. One thread at a time.</summary>
    /// <returns>The JSON, valid until the next call.</returns>
    internal ReadOnlySpan<byte> Write(long sequence, DateTime timeUtc, JsonEncodedText source, FrameResult result)
    {
        StageTimes times = result.Times;
        return _sensors is not null
            ? _sensors.Write(sequence, timeUtc, source, result)
            : _classes is null
            ? _detections!.Write(sequence, timeUtc, source, result.Width, result.Height, result.Boxes, times)
            : _classes.Write(sequence, timeUtc, source, result.Classes, result.Scores, times);
    }

    /// <summary>Another frame uses the model.</summary>
    internal void Enter() => Interlocked.Increment(ref _users);

    /// <summary>A frame is through, or the pipeline has another model.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Dispose();
        }
    }

    /// <summary>Gives everything back, whoever uses it: <see cref="Leave"/> does so when nobody does.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Array.ForEach(_runners, runner => runner.Dispose());
            _sensors?.Dispose();
            _classes?.Dispose();
            _detections?.Dispose();
            _share.Dispose();
        }
    }
}
