using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Analysis;

/// <summary>Adds up how far an output of a second model lies from that of a first.</summary>
internal sealed class DeltaSum
{
    private long _elements;
    private double _signal;
    private double _noise;
    private double _largest;
    private bool _differs;
    private long _rows;
    private long _sameRows;
    private string? _problem;

    internal void Add(IReadOnlyList<OnnxTensor> one, IReadOnlyList<OnnxTensor>? other)
    {
        if (other is null || one.Count != other.Count)
        {
            _problem ??= other is null ? "the second model has no such output" : "a list of another length";
            return;
        }
        for (int index = 0; index < one.Count; index++)
        {
            if (!one[index].Dims.AsSpan().SequenceEqual(other[index].Dims))
            {
                _problem ??= $"{one[index]} against {other[index]}";
                return;
            }
            if (!Numbers.TryFirst(one[index], out _) || !Numbers.TryFirst(other[index], out _))
            {
                _differs |= !one[index].ContentEquals(other[index]);
                _elements += one[index].Length;
                continue;
            }
            Add(one[index], other[index]);
        }
    }

    internal OutputDelta ToDelta(string name) => new(
        name,
        _elements,
        _largest,
        _signal > 0 ? Math.Sqrt(_noise / _signal) : null,
        _noise > 0 && _signal > 0 ? 10 * Math.Log10(_signal / _noise) : null,
        _rows > 0 ? (double)_sameRows / _rows : null,
        !_differs && _problem is null,
        _problem);

    private void Add(OnnxTensor one, OnnxTensor other)
    {
        int width = one.Dims is [.., > 1 and <= int.MaxValue and var last] ? (int)last : 0;
        (int bestOne, int bestOther) = (0, 0);
        (double valueOne, double valueOther) = (double.NegativeInfinity, double.NegativeInfinity);
        for (int index = 0; index < one.Length; index++)
        {
            double a = Numbers.At(one, index) ?? double.NaN;
            double b = Numbers.At(other, index) ?? double.NaN;
            if (!a.Equals(b) && !(a == 0 && b == 0))
            {
                double distance = Math.Abs(a - b);
                _differs = true;
                _largest = Math.Max(_largest, distance);
                _noise += double.IsFinite(distance) ? distance * distance : 0;
            }
            _signal += double.IsFinite(a) ? a * a : 0;
            if (width == 0)
            {
                continue;
            }
            int column = index % width;
            (bestOne, valueOne) = column == 0 || a > valueOne ? (column, a) : (bestOne, valueOne);
            (bestOther, valueOther) = column == 0 || b > valueOther ? (column, b) : (bestOther, valueOther);
            if (column == width - 1)
            {
                _rows++;
                _sameRows += bestOne == bestOther ? 1 : 0;
            }
        }
        _elements += one.Length;
    }
}
