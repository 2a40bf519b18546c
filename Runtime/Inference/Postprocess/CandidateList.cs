namespace Edge.Inference;

/// <summary>
/// The surest candidates of a frame, at most a fixed number, so that a model that finds something everywhere costs no more than
/// that. Allocates nothing after construction.
/// </summary>
internal sealed class CandidateList
{
    /// <summary>As many as matter: a result names 1,000 boxes at most.</summary>
    internal const int Capacity = 4096;

    // Once full, a heap whose root is the least sure.
    private readonly Candidate[] _items = new Candidate[Capacity];
    private int _order;

    internal int Count { get; private set; }

    internal void Clear() => (Count, _order) = (0, 0);

    /// <summary>Adds a box; one whose edges are not finite or that has no area is no box, and a score above 1 is 1.</summary>
    /// <param name="left">The left edge.</param>
    /// <param name="top">The upper edge.</param>
    /// <param name="right">The right edge.</param>
    /// <param name="bottom">The lower edge.</param>
    /// <param name="classIndex">The class.</param>
    /// <param name="score">The score.</param>
    /// <param name="anchor">What the head finds the box's landmarks by, where it has some.</param>
    internal void Add(float left, float top, float right, float bottom, int classIndex, float score, int anchor = 0)
    {
        int order = _order++;
        if (!(right > left && bottom > top) || !float.IsFinite(right - left) || !float.IsFinite(bottom - top))
        {
            return;
        }
        var item = new Candidate(left, top, right, bottom, classIndex, Math.Min(score, 1), order, anchor);
        if (Count < Capacity)
        {
            _items[Count++] = item;
            if (Count == Capacity)
            {
                for (int i = (Capacity / 2) - 1; i >= 0; i--)
                {
                    Sink(i, _items[i]);
                }
            }
        }
        else if (Candidate.SurestFirst(item, _items[0]) < 0)
        {
            Sink(0, item);
        }
    }

    /// <summary>Adds a box by its centre and size, as <see cref="Add"/> does by its edges.</summary>
    internal void AddCentred(float x, float y, float width, float height, int classIndex, float score, int anchor = 0) =>
        Add(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2), classIndex, score, anchor);

    /// <summary>The candidates, the surest first; the caller may change them.</summary>
    internal Span<Candidate> Sorted()
    {
        Span<Candidate> items = _items.AsSpan(0, Count);
        items.Sort(Candidate.SurestFirst);
        return items;
    }

    private void Sink(int place, in Candidate item)
    {
        Candidate value = item;
        for (int child = (2 * place) + 1; child < Capacity; child = (2 * place) + 1)
        {
            if (child + 1 < Capacity && Candidate.SurestFirst(_items[child], _items[child + 1]) < 0)
            {
                child++;
            }
            if (Candidate.SurestFirst(_items[child], value) < 0)
            {
                break;
            }
            _items[place] = _items[child];
            place = child;
        }
        _items[place] = value;
    }
}
