using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Adds to (or, with negative numbers, cuts from) the ends of axes: a constant, the edge, a mirror, or around the back.</summary>
internal static class Pad
{
    private static readonly Operator WithConstant = new("aten::constant_pad_nd");
    private static readonly Operator WithMode = new("aten::pad");

    public static Kernel CompileAttribute(NodeContext node)
    {
        string? mode = Mode(node);
        double value = node.Attributes.GetFloat("value", 0);
        long[] pads = node.Attributes.GetInts("pads", null) ?? throw node.Unsupported("the attribute pads is missing");
        return frame => Run(frame, mode, pads, value);
    }

    public static Kernel CompileInput(NodeContext node)
    {
        string? mode = Mode(node);
        return frame =>
        {
            double value = frame.OptionalInput(2) is { } constant ? Number(constant) : 0;
            long[] pads = frame.Integers(1);
            Run(frame, mode, frame.OptionalIntegers(3) is { } axes ? Spread(pads, axes, frame.Input(0).Rank) : pads, value);
        };
    }

    /// <summary>libtorch's name of the mode; null for a constant.</summary>
    private static string? Mode(NodeContext node) => node.Attributes.GetString("mode", "constant") switch
    {
        "constant" => null,
        "reflect" => "reflect",
        "edge" => "replicate",
        "wrap" => "circular",
        string other => throw node.Unsupported($"mode '{other}' is not one of constant, reflect, edge, wrap"),
    };

    private static double Number(Tensor constant) => new Operator("aten::item").CallNumber(constant);

    private static long[] Spread(long[] pads, long[] axes, int rank)
    {
        long[] all = new long[2 * rank];
        for (int i = 0; i < axes.Length && pads.Length == 2 * axes.Length; i++)
        {
            int axis = NodeContext.Axis(axes[i], rank);
            all[axis] = pads[i];
            all[rank + axis] = pads[axes.Length + i];
        }
        return pads.Length == 2 * axes.Length ? all : throw new ArgumentException($"{pads.Length} pads do not fit {axes.Length} axes");
    }

    private static void Run(KernelFrame frame, string? mode, long[] pads, double value)
    {
        Tensor input = frame.Input(0);
        int rank = input.Rank;
        if (pads.Length != 2 * rank)
        {
            throw new ArgumentException($"{pads.Length} pads do not fit {rank} axes");
        }
        if (mode is null)
        {
            frame.Output(WithConstant.Call(input, Window.ToTorchOrder(pads), value));
            return;
        }
        // The other modes know only the axes behind [N,C].
        int first = Math.Min(2, rank - 1);
        for (int i = 0; i < first; i++)
        {
            if (pads[i] != 0 || pads[rank + i] != 0)
            {
                throw new ArgumentException($"padding axis {i} in mode '{mode}' is not implemented");
            }
        }
        long[] spatial = [.. pads[first..rank], .. pads[(rank + first)..]];
        frame.Output(WithMode.Call(input, Window.ToTorchOrder(spatial), mode));
    }
}
