using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>One parameter of an optimizer step as the shim sees it: <c>edge_parameter</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeParameter
{
    public nint Value;
    public nint First;
    public nint Second;
    public double Rate;
    public double Decay;
}
