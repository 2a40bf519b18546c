using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// What a model saw in an image: classes for a classifier, boxes for a detector. The runner fills the same result for every
/// image, so that nothing is allocated; read it before the next one.
/// </summary>
public sealed class VisionResult
{
    private readonly ClassScore[] _classes;
    private readonly Detection[] _detections;
    private readonly Landmark[] _landmarks;
    private readonly int _landmarksEach;
    private int _classCount;
    private int _detectionCount;

    internal VisionResult(ModelTask task, int maxClasses, int maxDetections, int landmarks = 0)
    {
        Task = task;
        _classes = new ClassScore[maxClasses];
        _detections = new Detection[maxDetections];
        _landmarks = new Landmark[maxDetections * landmarks];
        _landmarksEach = landmarks;
    }

    /// <summary><see cref="ModelTask.Classify"/> or <see cref="ModelTask.Detect"/>.</summary>
    public ModelTask Task { get; }

    /// <summary>The image's columns.</summary>
    public int SourceWidth { get; internal set; }

    /// <summary>The image's rows.</summary>
    public int SourceHeight { get; internal set; }

    /// <summary>A classifier's best classes, best first; otherwise empty.</summary>
    public ReadOnlySpan<ClassScore> Classes => _classes.AsSpan(0, _classCount);

    /// <summary>A detector's boxes, the surest first; otherwise empty.</summary>
    public ReadOnlySpan<Detection> Detections => _detections.AsSpan(0, _detectionCount);

    /// <summary>A detection's landmarks in pixels of the source image, such as the eyes of a face; perhaps outside it. Empty for a model that has none.</summary>
    /// <param name="detection">Which of <see cref="Detections"/>.</param>
    public ReadOnlySpan<Landmark> Landmarks(int detection) => _landmarks.AsSpan(detection * _landmarksEach, _landmarksEach);

    /// <summary>How long the stages took.</summary>
    public StageTimings Timings { get; internal set; }

    internal void Set(ReadOnlySpan<ClassScore> classes)
    {
        classes.CopyTo(_classes);
        _classCount = classes.Length;
    }

    internal void ClearDetections() => _detectionCount = 0;

    internal void Add(in Detection detection, ReadOnlySpan<Landmark> landmarks)
    {
        landmarks.CopyTo(_landmarks.AsSpan(_detectionCount * _landmarksEach, _landmarksEach));
        _detections[_detectionCount++] = detection;
    }
}
