using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Execution;

/// <summary>ONNX tensors to libtorch's and back.</summary>
internal static class TensorConversion
{
    /// <summary>A copy on a device; the caller disposes it.</summary>
    /// <exception cref="TrainingException">libtorch has no such element type.</exception>
    public static Tensor ToTorch(OnnxTensor tensor, string what, Device device)
    {
        DataType type = ToDataType(tensor.Type)
            ?? throw new TrainingException($"{what}: the training engine has no tensors of {tensor.Type.Text()}; convert them to float32");
        return Tensor.From(type, tensor.Bytes.Span, tensor.Dims, device);
    }

    /// <summary>The elements of a tensor, with the element type and shape of the constant they replace.</summary>
    public static OnnxTensor ToOnnx(Tensor tensor, OnnxTensor like)
    {
        byte[] bytes = new byte[like.Bytes.Length];
        tensor.CopyTo(bytes);
        return new OnnxTensor(like.Type, like.Dims, bytes) { Name = like.Name, DocString = like.DocString };
    }

    public static DataType? ToDataType(ElementType type) => type switch
    {
        ElementType.Float => DataType.Float32,
        ElementType.Double => DataType.Float64,
        ElementType.Float16 => DataType.Float16,
        ElementType.BFloat16 => DataType.BFloat16,
        ElementType.Int64 => DataType.Int64,
        ElementType.Int32 => DataType.Int32,
        ElementType.Int16 => DataType.Int16,
        ElementType.Int8 => DataType.Int8,
        ElementType.UInt8 => DataType.UInt8,
        ElementType.Bool => DataType.Bool,
        _ => null,
    };
}
