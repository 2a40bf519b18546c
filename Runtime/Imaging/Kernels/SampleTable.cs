namespace Edge.Imaging;

/// <summary>Between which two source lines each target line lies, and how far; made anew only when the sizes change.</summary>
internal sealed class SampleTable
{
    private int[] _first = [];
    private float[] _weight = [];
    private (double Start, double Length, int Size, int Count) _key;

    /// <summary>The source line before each target line; the one after it is the next, or the same at the last line.</summary>
    internal ReadOnlySpan<int> First => _first.AsSpan(0, _key.Count);

    /// <summary>The share of the line after it, 0 to 1 (exclusive).</summary>
    internal ReadOnlySpan<float> Weight => _weight.AsSpan(0, _key.Count);

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
            _weight = new float[count];
        }
        _key = (start, length, size, count);
        double step = length / count;
        IsIdentity = true;
        for (int i = 0; i < count; i++)
        {
            double position = Math.Clamp(start + ((i + 0.5) * step) - 0.5, 0, size - 1);
            int first = (int)position;
            _first[i] = first;
            _weight[i] = (float)(position - first);
            IsIdentity &= first == _first[0] + i && _weight[i] == 0;
        }
    }
}
