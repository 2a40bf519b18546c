using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>An argument or a result as the shim sees it: <c>edge_value</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueTag Tag;
    public int Count;

    /// <summary>An integer, the bits of a double, or a pointer.</summary>
    public long Bits;
}
