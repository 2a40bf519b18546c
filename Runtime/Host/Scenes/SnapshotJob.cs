using Edge.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Scenes;

/// <summary>A frame and what is to be drawn on it, in memory that is used again.</summary>
internal sealed class SnapshotJob : IDisposable
{
    private Box[] _blurred = new Box[16];
    private int _blurredCount;

    internal Frame Frame { get; } = new();

    /// <summary>The object's box.</summary>
    internal Box Box { get; private set; }

    internal int Class { get; private set; }

    internal float Score { get; private set; }

    internal long Id { get; private set; }

    /// <summary>Boxes that are to be made unrecognizable.</summary>
    internal ReadOnlySpan<Box> Blurred => _blurred.AsSpan(0, _blurredCount);

    /// <summary>Copies a frame and what was seen in it.</summary>
    internal void Take(Frame frame, FrameResult result, in SceneObject seen, SnapshotPlan plan)
    {
        Frame.CopyFrom(frame);
        (Box, Class, Score, Id) = (seen.Box, seen.Class, seen.Score, seen.Id);
        _blurredCount = 0;
        foreach (ref readonly Detection detection in result.Detections)
        {
            if (plan.Blurs(detection.Class))
            {
                if (_blurredCount == _blurred.Length)
                {
                    Array.Resize(ref _blurred, _blurred.Length * 2);
                }
                _blurred[_blurredCount++] = detection.Box;
            }
        }
    }

    public void Dispose() => Frame.Dispose();
}
