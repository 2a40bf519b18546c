using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>One reference to a native tensor.</summary>
internal sealed class TensorHandle : SafeHandle
{
    public TensorHandle()
        : base(0, ownsHandle: true)
    {
    }

    public TensorHandle(nint handle)
        : this() => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => TorchNative.FreeTensor(handle) == 0;
}
