using System.Numerics;
using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation;

/// <summary>
/// Numbers of a data set in the element type that a model's input has: whole numbers are rounded (halves to even) and kept within
/// their type's range, bool is true where the number is not 0.
/// </summary>
internal static class InputValues
{
    /// <summary>Makes the tensor.</summary>
    /// <param name="type">What the input takes.</param>
    /// <param name="values">The numbers, float32.</param>
    /// <param name="dims">The tensor's dimensions.</param>
    /// <returns>Null where the type holds no numbers that are made here, such as texts.</returns>
    internal static OnnxTensor? Of(ElementType type, ReadOnlySpan<float> values, long[] dims) =>
        type == ElementType.Float ? OnnxTensor.From(values, dims) : Converted(type, values, dims, float.Round);

    /// <summary>Makes the tensor of a field's samples.</summary>
    /// <param name="type">What the input takes.</param>
    /// <param name="field">The field, float32 or int64.</param>
    /// <param name="bytes">Its samples, one behind the other.</param>
    /// <param name="dims">The tensor's dimensions.</param>
    /// <returns>Null where the field does not become that type.</returns>
    internal static OnnxTensor? Of(ElementType type, Field field, byte[] bytes, long[] dims) => (field.Type, type) switch
    {
        (DataType.Float32, ElementType.Float) => new OnnxTensor(type, dims, bytes),
        (DataType.Float32, _) => Of(type, MemoryMarshal.Cast<byte, float>(bytes), dims),
        (DataType.Int64, ElementType.Int64) => new OnnxTensor(type, dims, bytes),
        (DataType.Int64, _) => Converted(type, MemoryMarshal.Cast<byte, long>(bytes), dims, value => value),
        _ => null,
    };

    private static OnnxTensor? Converted<T>(ElementType type, ReadOnlySpan<T> values, long[] dims, Func<T, T> round) where T : struct, INumber<T> => type switch
    {
        ElementType.Bool => OnnxTensor.From<bool>(Each(values, value => value != T.Zero), dims),
        ElementType.Float16 => OnnxTensor.From<Half>(Each(values, Half.CreateSaturating), dims),
        ElementType.Float => OnnxTensor.From<float>(Each(values, float.CreateSaturating), dims),
        ElementType.Double => OnnxTensor.From<double>(Each(values, double.CreateSaturating), dims),
        ElementType.Int8 => OnnxTensor.From<sbyte>(Each(values, value => sbyte.CreateSaturating(round(value))), dims),
        ElementType.UInt8 => OnnxTensor.From<byte>(Each(values, value => byte.CreateSaturating(round(value))), dims),
        ElementType.Int16 => OnnxTensor.From<short>(Each(values, value => short.CreateSaturating(round(value))), dims),
        ElementType.UInt16 => OnnxTensor.From<ushort>(Each(values, value => ushort.CreateSaturating(round(value))), dims),
        ElementType.Int32 => OnnxTensor.From<int>(Each(values, value => int.CreateSaturating(round(value))), dims),
        ElementType.UInt32 => OnnxTensor.From<uint>(Each(values, value => uint.CreateSaturating(round(value))), dims),
        ElementType.Int64 => OnnxTensor.From<long>(Each(values, value => long.CreateSaturating(round(value))), dims),
        ElementType.UInt64 => OnnxTensor.From<ulong>(Each(values, value => ulong.CreateSaturating(round(value))), dims),
        _ => null,
    };

    private static TResult[] Each<T, TResult>(ReadOnlySpan<T> values, Func<T, TResult> convert)
    {
        var results = new TResult[values.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = convert(values[i]);
        }
        return results;
    }
}
