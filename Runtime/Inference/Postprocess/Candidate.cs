namespace Edge.Inference;

/// <summary>A box as a detector's output holds it, in pixels of the model's input, before overlaps are dropped.</summary>
internal readonly record struct Candidate(float Left, float Top, float Right, float Bottom, int Class, float Score, int Order, int Anchor = 0)
{
    /// <summary>The surest first; the earlier one in the output first among equals.</summary>
    internal static readonly Comparison<Candidate> SurestFirst = static (a, b) =>
        a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Order.CompareTo(b.Order);

    internal float Area => (Right - Left) * (Bottom - Top);

    /// <summary>Intersection over union, 0 to 1; 0 for boxes without area.</summary>
    internal float Overlap(in Candidate other)
    {
        float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        float height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (!(width > 0 && height > 0))
        {
            return 0;
        }
        float shared = width * height;
        return shared / (Area + other.Area - shared);
    }
}
