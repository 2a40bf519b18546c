using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Inference.Sensors;

namespace Edge.Runtime.Models;

/// <summary>What a model saw in one frame, kept until it is its turn to be published. Grows to the largest and is used again.</summary>
internal sealed class FrameResult
{
    private int[] _classes = [];
    private float[] _scores = [];
    private DetectedBox[] _boxes = [];
    private int _classCount;
    private int _boxCount;
    private int _state = -1;

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    internal StageTimes Times { get; private set; }

    /// <summary>A classifier's best classes, best first.</summary>
    internal ReadOnlySpan<int> Classes => _classes.AsSpan(0, _classCount);

    /// <summary>Their probabilities.</summary>
    internal ReadOnlySpan<float> Scores => _scores.AsSpan(0, _classCount);

    /// <summary>A detector's boxes, the surest first.</summary>
    internal ReadOnlySpan<DetectedBox> Boxes => _boxes.AsSpan(0, _boxCount);

    /// <summary>The class of the best result; −1 where there is none.</summary>
    internal int BestClass => _classCount > 0 ? _classes[0] : _boxCount > 0 ? _boxes[0].Index : -1;

    /// <summary>The score of the best result; 0 where there is none.</summary>
    internal float BestScore => _classCount > 0 ? _scores[0] : _boxCount > 0 ? _boxes[0].Score : 0;

    /// <summary>Copies what a runner found.</summary>
    /// <param name="result">The runner's result.</param>
    /// <param name="begun">When work on the frame began (<see cref="Stopwatch"/>).</param>
    internal void Set(VisionResult result, long begun)
    {
        (Width, Height) = (result.SourceWidth, result.SourceHeight);
        ReadOnlySpan<Edge.Inference.ClassScore> classes = result.Classes;
        Grow(ref _classes, classes.Length);
        Grow(ref _scores, classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            (_classes[i], _scores[i]) = (classes[i].Index, classes[i].Probability);
        }
        _classCount = classes.Length;
        ReadOnlySpan<Detection> detections = result.Detections;
        Grow(ref _boxes, detections.Length);
        for (int i = 0; i < detections.Length; i++)
        {
            Detection d = detections[i];
            _boxes[i] = new DetectedBox(d.Class, d.Score, d.Left, d.Top, d.Right, d.Bottom);
        }
        _boxCount = detections.Length;
        StageTimings timings = result.Timings;
        Times = new StageTimes(Time(timings.Decode), Time(timings.Preprocess), Time(timings.Infer), Time(timings.Postprocess), Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Copies what a model of readings found.</summary>
    /// <param name="runner">The runner, after a window.</param>
    /// <param name="state">The class that holds.</param>
    internal void Set(SensorRunner runner, int state)
    {
        ReadOnlySpan<Edge.Inference.ClassScore> classes = runner.Best;
        Grow(ref _classes, classes.Length);
        Grow(ref _scores, classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            (_classes[i], _scores[i]) = (classes[i].Index, classes[i].Probability);
        }
        (_classCount, _boxCount, _state) = (classes.Length, 0, state);
        StageTimings timings = runner.Timings;
        Times = new StageTimes(TimeSpan.Zero, Time(timings.Preprocess), Time(timings.Infer), Time(timings.Postprocess), Time(timings.Total));
    }

    /// <summary>A number that is the same for results that say the same: the best class, or how many there are of each class.</summary>
    internal long Signature()
    {
        if (_boxCount == 0)
        {
            return _state >= 0 ? _state : _classCount > 0 ? _classes[0] : -1;
        }
        // A sum does not depend on the order of the boxes.
        ulong sum = (ulong)_boxCount << 48;
        for (int i = 0; i < _boxCount; i++)
        {
            sum += Foundation.SplitMix64.Mix(0, (ulong)_boxes[i].Index) >> 16;
        }
        return (long)sum;
    }

    private static void Grow<T>(ref T[] items, int count)
    {
        if (items.Length < count)
        {
            // Room enough that a scene that slowly fills does not grow it again.
            items = new T[Math.Max(count * 2, 128)];
        }
    }

    private static TimeSpan Time(long ticks) => Stopwatch.GetElapsedTime(0, ticks);
}
