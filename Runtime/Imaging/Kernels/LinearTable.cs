namespace Edge.Imaging;

/// <summary>Between which two source lines each target line lies, and how far; made anew only when the sizes change.</summary>
/// <param name="one">The weight that stands for 1.</param>
internal sealed class LinearTable(int one)
{
    private int[] _first = [];
    private int[] _weight = [];
    private (double Start, double Length, int Size, int Count) _key;

    /// <summary>The first source line that is needed.</summary>
    internal int Origin { get; private set; }

    /// <summary>How many source lines from <see cref="Origin"/> on are needed.</summary>
    internal int Span { get; private set; }

    /// <summary>Lines from <see cref="Origin"/> to the source line at or before each target line.</summary>
    internal ReadOnlySpan<int> First => _first.AsSpan(0, _key.Count);

    /// <summary>The weight of the line after it: 0 to less than one, and 0 where there is none.</summary>
    internal ReadOnlySpan<int> Weight => _weight.AsSpan(0, _key.Count);

    /// <summary>True if every target line is a source line, one after the other.</summary>
    internal bool IsIdentity { get; private set; }

    /// <summary>Fills the table.</summary>
    /// <param name="start">Where the shown part begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="size">Lines of the source.</param>
    /// <param name="count">Lines of the target.</param>
    internal void Prepare(double start, double length, int size, int count)
    {
        if (_key == (start, length, size, count))
        {
            return;
        }
        if (_first.Length < count)
        {
            _first = new int[count];
            _weight = new int[count];
        }
        _key = (start, length, size, count);
        double step = length / count;
        IsIdentity = true;
        for (int i = 0; i < count; i++)
        {
            double position = Math.Clamp(start + ((i + 0.5) * step) - 0.5, 0, size - 1);
            int first = (int)position;
            int weight = (int)Math.Round((position - first) * one);
            if (weight == one)
            {
                (first, weight) = (first + 1, 0);
            }
            Origin = i == 0 ? first : Origin;
            _first[i] = first - Origin;
            _weight[i] = weight;
            Span = first - Origin + (weight == 0 ? 1 : 2);
            IsIdentity &= _first[i] == i && weight == 0;
        }
    }
}
