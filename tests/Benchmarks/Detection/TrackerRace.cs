using System.Diagnostics;
using Edge.Inference;
using Edge.Scenes;

namespace Edge.Benchmarks.Detection;

/// <summary>The tracker beside overlap alone on generated scenes, and what a frame of 50 objects costs.</summary>
internal static class TrackerRace
{
    internal static (TrackingScore Ours, TrackingScore Plain) Run(int seeds)
    {
        var ours = new TrackingScore();
        var plain = new TrackingScore();
        for (int seed = 1; seed <= seeds; seed++)
        {
            var tracker = new ByteTracker(new TrackerOptions());
            var overlap = new OverlapTracker();
            // Every scene has numbers of its own.
            int offset = seed * 1_000_000;
            foreach (SceneFrame frame in GeneratedScene.Make(new GeneratedSceneOptions { Seed = (ulong)seed }))
            {
                TrueObject[] truth = [.. frame.Truth.Select(t => t with { Id = t.Id + offset })];
                Track[] tracks = tracker.Update([.. frame.Detections], frame.Time).ToArray();
                ours.Add(truth, [.. tracks.Where(t => t.State == TrackState.Tracked).Select(t => new TrackedBox(t.Id + offset, t.Box))]);
                plain.Add(truth, [.. overlap.Update(frame.Detections).Select(b => b with { Id = b.Id + offset })]);
            }
        }
        return (ours, plain);
    }

    /// <summary>Microseconds a frame of 50 objects, the median.</summary>
    internal static double MicrosecondsOf50()
    {
        SceneFrame[] frames = [.. GeneratedScene.Make(new GeneratedSceneOptions { Objects = 50, Frames = 600 })];
        Inference.Detection[][] detections = [.. frames.Select(f => f.Detections.ToArray())];
        var tracker = new ByteTracker(new TrackerOptions());
        var times = new List<double>();
        for (int i = 0; i < frames.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            tracker.Update(detections[i], frames[i].Time);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
