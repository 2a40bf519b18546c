namespace Edge.Imaging;

/// <summary>Which source lines each target line covers, and with what share of itself; made anew only when the sizes change.</summary>
internal sealed class AreaTable
{
    private int[] _first = [];
    private int[] _offset = [];
    private float[] _weight = [];
    private (double Start, double Length, int Size, int Count) _key;

    /// <summary>The first source line that each target line covers.</summary>
    internal ReadOnlySpan<int> First => _first.AsSpan(0, _key.Count);

    /// <summary>The weights of the lines that a target line covers, from <see cref="First"/> on; their sum is 1.</summary>
    internal ReadOnlySpan<float> Weights(int target) => _weight.AsSpan(_offset[target], _offset[target + 1] - _offset[target]);

    /// <summary>Fills the table.</summary>
    /// <param name="start">Where the shown part begins.</param>
    /// <param name="length">Its length, at least <paramref name="count"/>.</param>
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
            _offset = new int[count + 1];
        }
        double step = length / count;
        int most = count * ((int)step + 3);
        if (_weight.Length < most)
        {
            _weight = new float[most];
        }
        _key = (start, length, size, count);
        int used = 0;
        for (int i = 0; i < count; i++)
        {
            double from = Math.Clamp(start + (i * step), 0, size), to = Math.Clamp(start + ((i + 1) * step), 0, size);
            int first = Math.Min((int)from, size - 1);
            _first[i] = first;
            _offset[i] = used;
            for (int line = first; line < to || line == first; line++)
            {
                double covered = Math.Min(line + 1, to) - Math.Max(line, from);
                // Rounding errors leave slivers of lines, which count for nothing.
                if (covered > 1e-6 * step || line == first)
                {
                    _weight[used++] = to > from ? (float)(covered / (to - from)) : 1;
                }
            }
        }
        _offset[count] = used;
    }
}
