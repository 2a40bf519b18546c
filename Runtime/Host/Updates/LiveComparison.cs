using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Updates;

/// <summary>
/// A model beside the one that runs, on the same live frames: whether it fails on them, whether both see the same, and how long each
/// takes. Workers look at frames, one at a time; whoever asked for it waits.
/// </summary>
/// <param name="candidate">The model's runner; owned.</param>
/// <param name="candidateLabels">Its classes.</param>
/// <param name="labels">The classes of the model that runs.</param>
/// <param name="frames">How many frames are enough.</param>
internal sealed class LiveComparison(VisionRunner candidate, IReadOnlyList<string> candidateLabels, IReadOnlyList<string> labels, int frames) : IDisposable
{
    private const float SamePlace = 0.5f;

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _done = new();
    private readonly List<double> _candidateTimes = [];
    private readonly List<double> _runningTimes = [];
    private double _agreement;
    private bool _isOver;

    /// <summary>Frames that both have looked at.</summary>
    internal int Frames => _candidateTimes.Count;

    /// <summary>Why the model failed on a frame; null where it did not.</summary>
    internal string? Failure { get; private set; }

    /// <summary>The mean over frames of how far both see the same, 0 to 1.</summary>
    internal double Agreement => _agreement / Frames;

    /// <summary>The median time of an inference, in milliseconds.</summary>
    internal double CandidateMs => Median(_candidateTimes);

    /// <summary>The same of the model that runs.</summary>
    internal double RunningMs => Median(_runningTimes);

    /// <summary>Waits until there are frames enough, or the model has failed on one.</summary>
    internal void Wait(TimeSpan patience) => _done.Wait(patience);

    /// <summary>Looks at a frame, unless another worker does so, or there are enough.</summary>
    /// <param name="running">What the running model saw in it.</param>
    /// <param name="see">Looks at it with a runner.</param>
    internal void Look(FrameResult running, Func<VisionRunner, VisionResult> see)
    {
        if (!_gate.TryEnter())
        {
            return;
        }
        try
        {
            if (_isOver)
            {
                return;
            }
            VisionResult seen = see(candidate);
            _agreement += Same(running, seen);
            _candidateTimes.Add(Stopwatch.GetElapsedTime(0, seen.Timings.Infer).TotalMilliseconds);
            _runningTimes.Add(running.Times.Infer.TotalMilliseconds);
            Finish(_candidateTimes.Count >= frames);
        }
        catch (Exception e) when (e is not Imaging.ImageException)
        {
            Failure = Log.OneLine(Reporting.Failure.Describe(e));
            Finish(true);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Ends it; a frame on its way is waited for.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }
    }

    /// <summary>Ends it and gives the runner back.</summary>
    public void Dispose()
    {
        End();
        candidate.Dispose();
        _done.Dispose();
    }

    private void Finish(bool isOver)
    {
        if (isOver)
        {
            _isOver = true;
            _done.Set();
        }
    }

    /// <summary>1 for the same best class, else 0; for detectors twice the boxes that both have over the boxes that either has (Dice).</summary>
    private double Same(FrameResult running, VisionResult seen)
    {
        if (seen.Task != Packages.ModelTask.Detect)
        {
            string? best = seen.Classes.Length > 0 ? Name(candidateLabels, seen.Classes[0].Index) : null;
            return best == (running.BestClass >= 0 ? Name(labels, running.BestClass) : null) ? 1 : 0;
        }
        ReadOnlySpan<DetectedBox> boxes = running.Boxes;
        bool[] isTaken = new bool[boxes.Length];
        int count = 0;
        int matched = 0;
        foreach (Detection detection in seen.Detections)
        {
            count++;
            for (int i = 0; i < boxes.Length; i++)
            {
                DetectedBox box = boxes[i];
                if (!isTaken[i] && Name(labels, box.Index) == Name(candidateLabels, detection.Class)
                    && Box.Overlap(new Box(box.Left, box.Top, box.Right, box.Bottom), detection.Box) >= SamePlace)
                {
                    isTaken[i] = true;
                    matched++;
                    break;
                }
            }
        }
        return count + boxes.Length == 0 ? 1 : 2.0 * matched / (count + boxes.Length);
    }

    private static string Name(IReadOnlyList<string> labels, int index) => index < labels.Count ? labels[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static double Median(List<double> times)
    {
        double[] sorted = [.. times];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
