using System.Runtime.InteropServices;

namespace Edge.Graph.Execution;

/// <summary>Adds up how far the elements of an output lie from those expected.</summary>
internal sealed class TensorDistance(string output, ProofOptions options)
{
    private long _elements;
    private long _outside;
    private double _absolute;
    private double _excess;
    private double _actual;
    private double _expected;
    private long _index;

    internal OutputDifference ToDifference() => new(output, _elements, _outside, _absolute, _excess, _actual, _expected, _index);

    /// <summary>Compares two tensors of the same type and sizes.</summary>
    internal void Add(OnnxTensor actual, OnnxTensor expected)
    {
        _elements += expected.Length;
        switch (expected.Type)
        {
            case ElementType.Float:
                Compare<float>(actual, expected, item => item);
                break;
            case ElementType.Double:
                Compare<double>(actual, expected, item => item);
                break;
            case ElementType.Float16:
                Compare<Half>(actual, expected, item => (double)item);
                break;
            case ElementType.BFloat16:
                Compare(MemoryMarshal.Cast<byte, ushort>(actual.Bytes.Span), MemoryMarshal.Cast<byte, ushort>(expected.Bytes.Span),
                    item => BitConverter.UInt32BitsToSingle((uint)item << 16));
                break;
            default:
                Exact(actual, expected);
                break;
        }
    }

    private void Compare<T>(OnnxTensor actual, OnnxTensor expected, Func<T, double> number) where T : unmanaged =>
        Compare(actual.AsSpan<T>(), expected.AsSpan<T>(), number);

    private void Compare<T>(ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, Func<T, double> number)
    {
        for (int index = 0; index < expected.Length; index++)
        {
            (double a, double b) = (number(actual[index]), number(expected[index]));
            if (a.Equals(b))
            {
                continue; // infinities of one sign, and NaN with NaN, too
            }
            double distance = Math.Abs(a - b);
            double allowed = options.AbsoluteTolerance + (options.RelativeTolerance * Math.Abs(b));
            // Where one of the two is not finite the quotient is NaN or says too little.
            double excess = !double.IsFinite(distance) ? double.PositiveInfinity : allowed > 0 ? distance / allowed : distance > 0 ? double.PositiveInfinity : 0;
            Note(index, distance, excess, a, b);
        }
    }

    // Whole numbers, booleans and strings are equal or not.
    private void Exact(OnnxTensor actual, OnnxTensor expected)
    {
        if (actual.ContentEquals(expected))
        {
            return;
        }
        int size = expected.Type.BitsPerElement() / 8;
        for (int index = 0; index < expected.Length; index++)
        {
            bool isEqual = expected.Strings is { } strings
                ? strings[index].Span.SequenceEqual(actual.Strings![index].Span)
                : size == 0 || actual.Bytes.Span.Slice(index * size, size).SequenceEqual(expected.Bytes.Span.Slice(index * size, size));
            if (!isEqual)
            {
                double a = Passes.Matching.Numbers.At(actual, index) ?? double.NaN;
                double b = Passes.Matching.Numbers.At(expected, index) ?? double.NaN;
                Note(index, Math.Abs(a - b), double.PositiveInfinity, a, b);
            }
        }
        if (size == 0 && expected.Strings is null)
        {
            Note(0, double.NaN, double.PositiveInfinity, double.NaN, double.NaN);
        }
    }

    private void Note(long index, double distance, double excess, double actual, double expected)
    {
        _absolute = Math.Max(_absolute, distance);
        _outside += excess > 1 ? 1 : 0;
        if (excess > _excess)
        {
            (_excess, _actual, _expected, _index) = (excess, actual, expected, index);
        }
    }
}
