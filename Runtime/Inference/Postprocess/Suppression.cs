using Edge.Packages;

namespace Edge.Inference;

/// <summary>Non-maximum suppression: which of overlapping boxes stay. Its work is bounded by candidates times boxes kept; it allocates nothing.</summary>
/// <param name="kind">How overlaps are dealt with.</param>
/// <param name="iouThreshold">The overlap above which a box is dropped; 1 keeps every box. The soft kind has no use for it.</param>
internal sealed class Suppression(SuppressionKind kind, float iouThreshold)
{
    private const float Sigma = 0.5f;

    /// <summary>Picks boxes.</summary>
    /// <param name="candidates">The surest first; the soft kind changes their order and scores.</param>
    /// <param name="kept">Gets the boxes that stay, the surest first, as many as there is room for.</param>
    /// <param name="threshold">The score that the soft kind keeps boxes down to.</param>
    /// <returns>How many stay.</returns>
    internal int Run(Span<Candidate> candidates, Span<Candidate> kept, float threshold) =>
        kind == SuppressionKind.Soft ? Soft(candidates, kept, threshold) : Hard(candidates, kept);

    private int Hard(ReadOnlySpan<Candidate> sorted, Span<Candidate> kept)
    {
        int count = 0;
        foreach (ref readonly Candidate box in sorted)
        {
            bool isFree = true;
            for (int i = 0; i < count && isFree; i++)
            {
                isFree = (kind == SuppressionKind.PerClass && kept[i].Class != box.Class) || !(box.Overlap(kept[i]) > iouThreshold);
            }
            if (isFree)
            {
                kept[count++] = box;
                if (count == kept.Length)
                {
                    break;
                }
            }
        }
        return count;
    }

    private static int Soft(Span<Candidate> left, Span<Candidate> kept, float threshold)
    {
        int count = 0;
        while (count < kept.Length && !left.IsEmpty)
        {
            int best = 0;
            for (int i = 1; i < left.Length; i++)
            {
                best = Candidate.SurestFirst(left[i], left[best]) < 0 ? i : best;
            }
            Candidate box = left[best];
            if (!(box.Score >= threshold))
            {
                break;
            }
            kept[count++] = box;
            left[best] = left[0];
            left = left[1..];
            foreach (ref Candidate other in left)
            {
                float overlap = other.Class == box.Class ? other.Overlap(box) : 0;
                other = overlap > 0 ? other with { Score = other.Score * MathF.Exp(-overlap * overlap / Sigma) } : other;
            }
        }
        return count;
    }
}
