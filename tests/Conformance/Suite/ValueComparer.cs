using System.Globalization;
using System.Runtime.InteropServices;
using Edge.Graph;

namespace Edge.Conformance.Suite;

/// <summary>
/// Holds a result against the expected one as the backend tests of ONNX do: <c>|a − b| ≤ absolute + relative · |b|</c>,
/// NaN with NaN, whole numbers within the relative tolerance too, strings exactly.
/// </summary>
/// <param name="shapesOnly">True where the content is drawn by lot: type and sizes must agree, nothing else.</param>
public sealed class ValueComparer(bool shapesOnly)
{
    private const double Relative = 1e-3;
    private const double Absolute = 1e-7;
    // One step of a half float below 2 is 2⁻¹⁰, of a bfloat16 2⁻⁷.
    private const double HalfAbsolute = 1.0 / 1024;
    private const double BrainRelative = 1.0 / 128;

    /// <summary>Compares two values.</summary>
    /// <param name="actual">What came out.</param>
    /// <param name="expected">What must come out.</param>
    /// <returns>One line that says what differs; null for equal ones.</returns>
    public string? Difference(CaseValue actual, CaseValue expected)
    {
        switch (actual, expected)
        {
            case (AbsentCaseValue, AbsentCaseValue):
                return null;
            case (TensorCaseValue a, TensorCaseValue b):
                return Difference(a.Tensor, b.Tensor);
            case (SequenceCaseValue a, SequenceCaseValue b):
                return a.Items.Count != b.Items.Count
                    ? $"{a.Items.Count} items, {b.Items.Count} are expected"
                    : a.Items.Zip(b.Items, Difference).FirstOrDefault(text => text is not null);
            case (MapCaseValue a, MapCaseValue b):
                return Difference(a.Keys, b.Keys) ?? Difference(a.Values, b.Values);
            default:
                return $"a {Kind(actual)}, a {Kind(expected)} is expected";
        }
    }

    private static string Kind(CaseValue value) => value.GetType().Name.Replace("CaseValue", "", StringComparison.Ordinal).ToLowerInvariant();

    private string? Difference(OnnxTensor actual, OnnxTensor expected)
    {
        if (actual.Type != expected.Type || !actual.Dims.AsSpan().SequenceEqual(expected.Dims))
        {
            return $"{actual}, {expected} is expected";
        }
        if (shapesOnly || actual.ContentEquals(expected))
        {
            return null;
        }
        if (Numbers(actual) is not { } a || Numbers(expected) is not { } b)
        {
            return "other content than expected";
        }
        (double relative, double absolute) = expected.Type switch
        {
            ElementType.Float16 => (Relative, HalfAbsolute),
            ElementType.BFloat16 => (BrainRelative, BrainRelative),
            _ => (Relative, Absolute),
        };
        int count = 0;
        int worst = -1;
        double excess = 0;
        for (int index = 0; index < b.Length; index++)
        {
            double distance = Math.Abs(a[index] - b[index]);
            if (a[index].Equals(b[index]) || distance <= absolute + (relative * Math.Abs(b[index])))
            {
                continue;
            }
            count++;
            if (worst < 0 || distance > excess)
            {
                (worst, excess) = (index, distance);
            }
        }
        return count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} of {b.Length} elements differ, element {worst} most: {a[worst]:G9}, {b[worst]:G9} is expected");
    }

    private static double[]? Numbers(OnnxTensor tensor) => tensor.Type switch
    {
        ElementType.Float or ElementType.Complex64 => Cast<float>(tensor, item => item),
        ElementType.Double or ElementType.Complex128 => Cast<double>(tensor, item => item),
        ElementType.Float16 => Cast<Half>(tensor, item => (double)item),
        ElementType.BFloat16 => Cast<ushort>(tensor, item => BitConverter.UInt32BitsToSingle((uint)item << 16)),
        ElementType.Int8 => Cast<sbyte>(tensor, item => item),
        ElementType.UInt8 => Cast<byte>(tensor, item => item),
        ElementType.Int16 => Cast<short>(tensor, item => item),
        ElementType.UInt16 => Cast<ushort>(tensor, item => item),
        ElementType.Int32 => Cast<int>(tensor, item => item),
        ElementType.UInt32 => Cast<uint>(tensor, item => item),
        ElementType.Int64 => Cast<long>(tensor, item => item),
        ElementType.UInt64 => Cast<ulong>(tensor, item => item),
        _ => null,
    };

    private static double[] Cast<T>(OnnxTensor tensor, Func<T, double> number) where T : unmanaged
    {
        ReadOnlySpan<T> items = MemoryMarshal.Cast<byte, T>(tensor.Bytes.Span);
        double[] numbers = new double[items.Length];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = number(items[index]);
        }
        return numbers;
    }
}
