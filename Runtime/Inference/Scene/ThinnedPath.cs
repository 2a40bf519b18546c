namespace Edge.Inference;

/// <summary>A path of bounded length: when it is full, every second point goes and from then on half as many are taken.</summary>
/// <param name="capacity">The most points; 2 or more.</param>
internal sealed class ThinnedPath(int capacity)
{
    private readonly ScenePoint[] _points = new ScenePoint[capacity];
    private int _count;
    private int _stride = 1;
    private int _skipped;

    /// <summary>The points, oldest first.</summary>
    public ReadOnlySpan<ScenePoint> Points => _points.AsSpan(0, _count);

    /// <summary>Forgets all points.</summary>
    public void Clear() => (_count, _stride, _skipped) = (0, 1, 0);

    /// <summary>Goes on to a point.</summary>
    public void Add(ScenePoint point)
    {
        if (_count > 0 && ++_skipped < _stride)
        {
            return;
        }
        _skipped = 0;
        if (_count == _points.Length)
        {
            int kept = 0;
            for (int i = 0; i < _count; i += 2)
            {
                _points[kept++] = _points[i];
            }
            (_count, _stride) = (kept, _stride * 2);
        }
        _points[_count++] = point;
    }
}
