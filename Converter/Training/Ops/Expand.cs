using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Repeats what a tensor holds.</summary>
internal static class Expand
{
    private static readonly Operator Repeat = new("aten::repeat");

    /// <summary>Along axes of size 1, and along new ones in front, as NumPy broadcasts.</summary>
    public static Kernel Broadcast(NodeContext node) => static frame =>
    {
        long[] shape = frame.Input(0).Shape;
        long[] wanted = frame.Integers(1);
        long[] result = new long[Math.Max(shape.Length, wanted.Length)];
        for (int i = 1; i <= result.Length; i++)
        {
            long own = i <= shape.Length ? shape[^i] : 1;
            long other = i <= wanted.Length ? wanted[^i] : 1;
            result[^i] = own == 1 ? other : own;
            if (other != 1 && own != 1 && own != other)
            {
                throw new ArgumentException($"[{string.Join(',', shape)}] and [{string.Join(',', wanted)}] do not broadcast");
            }
        }
        frame.Output(frame.Expand(frame.Input(0), result));
    };

    /// <summary>The whole tensor, so many times along each axis.</summary>
    public static Kernel Tile(NodeContext node) => static frame => frame.Output(Repeat.Call(frame.Input(0), frame.Integers(1)));
}
