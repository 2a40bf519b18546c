using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Imaging;
using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// A folder of images, a classifier and a topic, on a thread of its own. After warm-up a frame allocates nothing on
/// the managed heap. An image that cannot be read is logged and skipped.
/// </summary>
internal sealed class ImagePipeline : IDisposable
{
    private readonly PipelineConfig _config;
    private readonly FolderSource _source;
    private readonly FrameClassifier _classifier;
    private readonly MqttLink _link;
    private readonly FirstResult _firstResult;
    private readonly MqttTopic _topic;
    private readonly FrameClock _clock;
    private readonly FileReader _reader = new();
    private readonly ClassificationResultWriter _writer;
    private int _lastClass = -1;

    /// <summary>Makes a pipeline; it owns the classifier.</summary>
    internal ImagePipeline(PipelineConfig config, FolderSource source, FrameClassifier classifier, Topics topics, MqttLink link, FirstResult firstResult)
    {
        _config = config;
        _source = source;
        _classifier = classifier;
        _link = link;
        _firstResult = firstResult;
        _topic = new MqttTopic(topics.Result(config.Name));
        _clock = new FrameClock(config.Source.FramesPerSecond);
        _writer = new ClassificationResultWriter(config.Name, classifier.Model, classifier.Labels);
    }

    internal string Name => _config.Name;

    internal PipelineStats Stats { get; } = new();

    /// <summary>Whether the pipeline ended by an error that is nobody's input.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>Runs until the source is through or a stop is asked for.</summary>
    internal void Run(CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            do
            {
                for (int i = 0; i < _source.Count; i++)
                {
                    if (!_clock.WaitForNext(stop))
                    {
                        return;
                    }
                    Look(i);
                }
            }
            while (_config.Source.Loop);
        }
        catch (Exception e)
        {
            HasFailed = true;
            Log.Error($"pipeline {Name}: ended: {Failure.Describe(e)}");
        }
        finally
        {
            Stats.Elapsed = Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>Gives the engine's session and the buffers back.</summary>
    public void Dispose()
    {
        _classifier.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    internal PipelineReport Report() => new()
    {
        Name = Name,
        Model = _classifier.Model,
        Frames = Stats.Frames,
        Results = Stats.Results,
        Published = Stats.Published,
        Skipped = Stats.Skipped,
        Dropped = Stats.Dropped,
        ImagesPerSecond = Math.Round(Stats.Elapsed > TimeSpan.Zero ? Stats.Frames / Stats.Elapsed.TotalSeconds : 0, 2),
        AllocatedBytesPerFrame = Stats.AllocatedBytesPerFrame,
        LatencyMs = LatencyReport.From(Stats),
    };

    private void Look(int index)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Stats.Frames++;
        try
        {
            LookAt(index);
        }
        catch (ImageException e)
        {
            Stats.Skipped++;
            Log.Warning($"pipeline {Name}: skipped: {e.Message}");
            Stats.Exclude(allocated);
        }
    }

    private void LookAt(int index)
    {
        string path = _source.FilePath(index);
        long start = Stopwatch.GetTimestamp();
        ReadOnlySpan<byte> file = _reader.Read(path);
        long read = Stopwatch.GetTimestamp();
        _classifier.Classify(file, path, out StageTimes times);
        long classified = Stopwatch.GetTimestamp();
        if (IsToBePublished())
        {
            ReadOnlySpan<byte> message = _writer.Write(
                Stats.Frames, TimeProvider.System.GetUtcNow().UtcDateTime, _source.Name(index), _classifier.Classes, _classifier.Scores, times);
            if (_link.Publish(_topic, message))
            {
                Stats.Published++;
            }
            else
            {
                Stats.Dropped++;
            }
        }
        long end = Stopwatch.GetTimestamp();
        _firstResult.Mark();
        Stats.AddResult(Stopwatch.GetElapsedTime(start, end), Stopwatch.GetElapsedTime(start, read), times, Stopwatch.GetElapsedTime(classified, end));
    }

    private bool IsToBePublished()
    {
        if (_config.Publish == PipelineConfig.PublishEvery)
        {
            return true;
        }
        int best = _classifier.Classes.IsEmpty ? -1 : _classifier.Classes[0];
        bool changed = best != _lastClass;
        _lastClass = best;
        return changed;
    }
}
