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
    private Detection[] _detections = [];
    private DetectedBox[] _boxes = [];
    private int _classCount;
    private int _detectionCount;
    private int _boxCount;
    private int _state = -1;

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    internal StageTimes Times { get; private set; }

    /// <summary>A classifier's best classes, best first.</summary>
    internal ReadOnlySpan<int> Classes => _classes.AsSpan(0, _classCount);

    /// <summary>Their probabilities.</summary>
    internal ReadOnlySpan<float> Scores => _scores.AsSpan(0, _classCount);

    /// <summary>The least score of what is told.</summary>
    internal float Threshold { get; private set; }

    /// <summary>Everything that a detector found, the surest first: for those who follow objects, also what is too unsure to be told.</summary>
    internal ReadOnlySpan<Detection> Detections => _detections.AsSpan(0, _detectionCount);

    /// <summary>A detector's boxes that are told: the first of <see cref="Detections"/>.</summary>
    internal ReadOnlySpan<DetectedBox> Boxes => _boxes.AsSpan(0, _boxCount);

    /// <summary>The class of the best result; −1 where there is none.</summary>
    internal int BestClass => _classCount > 0 ? _classes[0] : _boxCount > 0 ? _boxes[0].Index : -1;

    /// <summary>The score of the best result; 0 where there is none.</summary>
    internal float BestScore => _classCount > 0 ? _scores[0] : _boxCount > 0 ? _boxes[0].Score : 0;

    /// <summary>Copies what a runner found.</summary>
    /// <param name="result">The runner's result.</param>
    /// <param name="begun">When work on the frame began (<see cref="Stopwatch"/>).</param>
    /// <param name="threshold">The least score of a box that is told.</param>
    /// <param name="most">The most boxes that are told.</param>
    internal void Set(VisionResult result, long begun, float threshold = 0, int most = int.MaxValue)
    {
        (Width, Height, Threshold) = (result.SourceWidth, result.SourceHeight, threshold);
        ReadOnlySpan<Edge.Inference.ClassScore> classes = result.Classes;
        Grow(ref _classes, classes.Length);
        Grow(ref _scores, classes.Length);
        for (int i = 0; i < classes.Length; i++)
        {
            (_classes[i], _scores[i]) = (classes[i].Index, classes[i].Probability);
        }
        _classCount = classes.Length;
        ReadOnlySpan<Detection> detections = result.Detections;
        Grow(ref _detections, detections.Length);
        Grow(ref _boxes, detections.Length);
        detections.CopyTo(_detections);
        (_detectionCount, _boxCount) = (detections.Length, 0);
        for (int i = 0; i < detections.Length && i < most && detections[i].Score >= threshold; i++)
        {
            Detection d = detections[i];
            _boxes[_boxCount++] = new DetectedBox(d.Class, d.Score, d.Left, d.Top, d.Right, d.Bottom);
        }
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

    /// <summary>Gives a box the number of the object that it is.</summary>
    /// <param name="detection">Which of <see cref="Detections"/>.</param>
    /// <param name="track">The object.</param>
    internal void Name(int detection, long track)
    {
        if (detection < _boxCount)
        {
            _boxes[detection] = _boxes[detection] with { Track = track };
        }
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
