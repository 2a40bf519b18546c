using System.Runtime.InteropServices;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Inference.Sensors;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Scenes;
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
    private readonly ObjectEventWriter? _events;
    private readonly int _most;
    private int _users = 1;
    private int _disposed;

    /// <summary>Makes runners. Takes over the share, unless it throws.</summary>
    /// <param name="config">The pipeline.</param>
    /// <param name="share">The model.</param>
    /// <param name="workers">How many runners.</param>
    /// <param name="warm">
    /// Runs each once, so that a model that takes another's place holds no frame up. Where no frame has come yet the first one does
    /// the same, and gives a result.
    /// </param>
    /// <exception cref="InferenceException">Model and manifest differ, or the engine fails.</exception>
    /// <exception cref="ConfigException">The configuration asks for what this model does not see.</exception>
    internal PipelineModel(PipelineConfig config, ModelShare share, int workers, bool warm)
    {
        _share = share;
        Manifest manifest = share.Model.Package.Manifest;
        Reference = new ModelReference { Name = manifest.Name, Version = manifest.Version, Release = manifest.Release };
        Threshold = manifest.Output.Threshold;
        bool isDetector = share.Model.Task == ModelTask.Detect;
        if (config.FollowsObjects && !isDetector)
        {
            throw new ConfigException($"{share.Model.Package.Source}: only a detector's objects can be followed: take track, zones, lines and snapshot out of the pipeline {config.Name}");
        }
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
        Scene = ScenePlan.Of(config, share.Model.Labels);
        _most = config.TopK ?? int.MaxValue;
        _runners = new VisionRunner[workers];
        try
        {
            for (int i = 0; i < workers; i++)
            {
                _runners[i] = ((VisionModel)share.Model).CreateRunner(Scene is null ? config.TopK : null);
                if (warm)
                {
                    _runners[i].Session.Run();
                }
            }
        }
        catch
        {
            Array.ForEach(_runners, runner => runner?.Dispose());
            throw;
        }
        Drift = DriftReference.Of(manifest, _runners[0].Classes);
        if (isDetector)
        {
            Counts = Scene is null ? null : new SceneCounts(Classes, Scene.Zones, Scene.Lines);
            _detections = new DetectionResultWriter(config.Name, Reference, share.Model.Labels, Counts);
            _events = Scene is null ? null : new ObjectEventWriter(config.Name, Reference, share.Model.Labels, Scene.Zones, Scene.Lines);
        }
        else
        {
            _classes = new ClassificationResultWriter(config.Name, Reference, share.Model.Package.Labels);
        }
    }

    internal ModelReference Reference { get; }

    internal ModelTask Task => _share.Model.Task;

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

    /// <summary>One name a class.</summary>
    internal IReadOnlyList<string> Labels => _share.Model.Labels;

    /// <summary>How objects are followed; null where they are not.</summary>
    internal ScenePlan? Scene { get; }

    /// <summary>The counts that go with the next message; null where objects are not followed.</summary>
    internal SceneCounts? Counts { get; }

    /// <summary>A worker's runner.</summary>
    internal VisionRunner Runner(int worker) => _runners[worker];

    /// <summary>Sets what a runner is to find.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="threshold">The least score of what is told; null for the package's own.</param>
    /// <returns>The threshold.</returns>
    internal float Use(int worker, double? threshold)
    {
        float least = (float)(threshold ?? Threshold);
        _runners[worker].Threshold = Scene is null ? least : Math.Min(Scene.LeastScore(least), least);
        return least;
    }

    /// <summary>Keeps what a runner found.</summary>
    internal void Keep(VisionResult seen, long begun, float threshold, FrameResult result) => result.Set(seen, begun, threshold, _most);

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

    /// <summary>Writes the message of an event. One thread at a time.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="path">Where the object has been.</param>
    /// <param name="frame">The frame in which it happened.</param>
    /// <returns>The JSON, valid until the next call.</returns>
    internal ReadOnlySpan<byte> Write(in SceneEvent happened, ReadOnlySpan<ScenePoint> path, in SceneFrame frame)
    {
        SceneObject seen = happened.Object;
        return _events!.Write(new ObjectEventData
        {
            Kind = (ObjectEventKind)happened.Kind,
            Id = seen.Id,
            Sequence = frame.Sequence,
            Time = frame.TimeUtc,
            Source = frame.Source,
            Width = frame.Width,
            Height = frame.Height,
            Place = happened.Place,
            Direction = happened.Direction,
            Dwell = happened.Dwell,
            Box = Edges(seen.Class, seen.Score, seen.Box),
            Best = Edges(seen.Class, seen.BestScore, seen.BestBox),
            BestTime = frame.Utc(seen.BestTime),
            FirstSeen = frame.Utc(seen.FirstSeen),
            LastSeen = frame.Utc(seen.LastSeen),
            IsStationary = seen.IsStationary,
            Zones = seen.Zones,
            Path = MemoryMarshal.Cast<ScenePoint, float>(path),
        });
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
            _events?.Dispose();
            _share.Dispose();
        }
    }

    private static DetectedBox Edges(int classNumber, float score, in Box box) => new(classNumber, score, box.Left, box.Top, box.Right, box.Bottom);
}
