using Edge.Torch;

namespace Edge.Training;

/// <summary>Brings tensors to where a graph runs.</summary>
internal static class DeviceCopy
{
    private static readonly Operator To = new("aten::to", "dtype_layout");

    /// <summary>A copy on a device, or null where the tensor is there already; the caller disposes it.</summary>
    public static Tensor? Of(Tensor tensor, Device device) =>
        device.IsCpu ? null : To.Call(tensor, Argument.None, Argument.None, device);
}
