using Edge.Torch;

namespace Edge.Training;

/// <summary>Back from half types.</summary>
internal static class HalfPrecision
{
    private static readonly Operator To = new("aten::to", "dtype");

    /// <summary>The tensor in float32 where it is in a half type, gradients included; otherwise the tensor itself. Takes it over.</summary>
    public static Tensor ToFloat32(Tensor tensor)
    {
        if (tensor.Type is not (DataType.BFloat16 or DataType.Float16))
        {
            return tensor;
        }
        using (tensor)
        {
            return To.Call(tensor, DataType.Float32);
        }
    }
}
