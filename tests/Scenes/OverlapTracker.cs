using Edge.Inference;

namespace Edge.Scenes;

/// <summary>
/// What many programs do in place of tracking, to compare with: each box of high score takes the number of the box of the frame
/// before that it overlaps most; without one it gets a new number.
/// </summary>
public sealed class OverlapTracker
{
    private const float LeastScore = 0.5f;
    private const float LeastOverlap = 0.3f;

    private List<TrackedBox> _previous = [];
    private long _lastId;

    /// <summary>Takes the next frame in.</summary>
    public IReadOnlyList<TrackedBox> Update(IReadOnlyList<Detection> detections)
    {
        var boxes = new List<TrackedBox>();
        var free = new List<TrackedBox>(_previous);
        foreach (Detection detection in detections.Where(d => d.Score >= LeastScore).OrderByDescending(d => d.Score))
        {
            TrackedBox best = free.OrderByDescending(b => Box.Overlap(b.Box, detection.Box)).FirstOrDefault();
            bool isSame = best.Id > 0 && Box.Overlap(best.Box, detection.Box) >= LeastOverlap;
            free.Remove(isSame ? best : default);
            boxes.Add(new TrackedBox(isSame ? best.Id : ++_lastId, detection.Box));
        }
        return _previous = boxes;
    }
}
