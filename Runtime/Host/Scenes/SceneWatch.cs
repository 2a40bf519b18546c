using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Runtime.Models;

namespace Edge.Runtime.Scenes;

/// <summary>The objects that a pipeline sees over time. After warm-up a frame allocates nothing. One thread at a time.</summary>
internal sealed class SceneWatch
{
    private readonly ByteTracker _tracker;
    private readonly SceneMonitor _monitor;
    private float _threshold;

    /// <summary>Begins with an empty scene.</summary>
    /// <param name="plan">What to follow and to tell.</param>
    /// <param name="threshold">The least score of a result.</param>
    internal SceneWatch(ScenePlan plan, float threshold)
    {
        (Plan, _threshold) = (plan, threshold);
        TrackerOptions options = plan.Tracker(threshold);
        _tracker = new ByteTracker(options);
        _monitor = new SceneMonitor(plan.Scene, options.MaximumTracks);
    }

    /// <summary>What is followed and told; another that <see cref="ScenePlan.Continues"/> may take its place.</summary>
    internal ScenePlan Plan { get; set; }

    /// <summary>How many objects there are.</summary>
    internal int Objects => _monitor.Count();

    /// <summary>Takes a frame's boxes in, and gives them the numbers of their objects.</summary>
    /// <param name="result">The frame's result.</param>
    /// <param name="time">The frame's time.</param>
    /// <returns>What happened, valid until the next call.</returns>
    internal ReadOnlySpan<SceneEvent> Look(FrameResult result, TimeSpan time)
    {
        if (result.Threshold != _threshold)
        {
            _threshold = result.Threshold;
            _tracker.Retune(Plan.Tracker(_threshold));
        }
        ReadOnlySpan<Track> tracks = _tracker.Update(result.Detections, time);
        foreach (Track track in tracks)
        {
            if (track.State == TrackState.Tracked)
            {
                result.Name(track.Detection, track.Id);
            }
        }
        return _monitor.Update(tracks, result.Width, result.Height, time);
    }

    /// <summary>Forgets every object: none is seen any more.</summary>
    /// <param name="time">The time of the last frame, or later.</param>
    /// <returns>What happened by that, valid until the next call.</returns>
    internal ReadOnlySpan<SceneEvent> End(TimeSpan time)
    {
        _tracker.Forget();
        return _monitor.EndAll(time);
    }

    /// <summary>Where an object of the last events has been.</summary>
    internal ReadOnlySpan<ScenePoint> Path(in SceneEvent happened) => _monitor.Path(happened.Object.Slot);

    /// <summary>Fills the counts of a message.</summary>
    internal void Count(SceneCounts counts)
    {
        _monitor.CountAll(counts.Classes, counts.InZones);
        for (int i = 0; i < counts.Lines.Count; i++)
        {
            counts.Crossings[2 * i] = _monitor.Crossings(i, 1);
            counts.Crossings[(2 * i) + 1] = _monitor.Crossings(i, -1);
        }
    }
}
