using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Adds to (or, with negative numbers, cuts from) the ends of axes: a constant, the edge, a mirror, or around the back.</summary>
internal static class Pad
{
    private static readonly Operator WithMode = new("aten::pad");

    public static Kernel CompileAttribute(NodeContext node)
    {
        string? mode = Mode(node);
        double value = node.Attributes.GetFloat("value", 0);
        long[] pads = node.Attributes.GetInts("pads", null) ?? node.Attributes.GetInts("paddings", null) ?? throw node.Unsupported("the attribute pads is missing");
        return frame => Run(frame, mode, pads, value);
    }

    public static Kernel CompileInput(NodeContext node)
    {
        string? mode = Mode(node);
        return frame =>
        {
            Argument value = 0;
            if (mode is null && frame.OptionalInput(2) is { Length: > 0 } constant)
            {
                value = constant.Type.IsFloatingPoint()
                    ? frame.To(constant, DataType.Float64).ToArray<double>()[0]
                    : frame.To(constant, DataType.Int64).ToArray<long>()[0];
            }
            long[] pads = frame.Integers(1);
            Run(frame, mode, frame.OptionalIntegers(3) is { } axes ? Spread(pads, axes, frame.Input(0).Rank) : pads, value);
        };
    }

    /// <summary>Pads for all axes, from pads for some.</summary>
    public static long[] Spread(long[] pads, long[] axes, int rank)
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

    /// <summary>libtorch's name of the mode; null for a constant.</summary>
    private static string? Mode(NodeContext node) => node.Attributes.GetString("mode", "constant") switch
    {
        "constant" => null,
        "reflect" => "reflect",
        "edge" => "replicate",
        "wrap" => "circular",
        string other => throw node.Unsupported($"mode '{other}' is not one of constant, reflect, edge, wrap"),
    };

    private static void Run(KernelFrame frame, string? mode, long[] pads, Argument value)
    {
        Tensor input = frame.Input(0);
        int rank = input.Rank;
        if (pads.Length != 2 * rank)
        {
            throw new ArgumentException($"{pads.Length} pads do not fit {rank} axes");
        }
        if (mode is null)
        {
            frame.Output(frame.Pad(input, Window.ToTorchOrder(pads), value));
            return;
        }
        long[] shape = input.Shape;
        if (FitsTorch(input, shape, pads))
        {
            long[] spatial = [.. pads[2..rank], .. pads[(rank + 2)..]];
            frame.Output(frame.Run(WithMode, input, Window.ToTorchOrder(spatial), mode));
            return;
        }
        Tensor result = input;
        for (int axis = 0; axis < rank; axis++)
        {
            if (pads[axis] != 0 || pads[rank + axis] != 0)
            {
                result = frame.IndexSelect(result, axis, frame.Integers(Sources(mode, shape[axis], pads[axis], pads[rank + axis])));
            }
        }
        frame.Output(result);
    }

    /// <summary>libtorch's modes know the axes behind [N,C] of float tensors, and mirror and wrap only once.</summary>
    private static bool FitsTorch(Tensor input, long[] shape, long[] pads)
    {
        int rank = shape.Length;
        bool fits = rank is >= 3 and <= 5 && input.Type is DataType.Float32 or DataType.Float64;
        for (int axis = 0; axis < rank; axis++)
        {
            long most = axis < 2 ? 0 : shape[axis] - 1;
            fits &= pads[axis] >= 0 && pads[axis] <= most && pads[rank + axis] >= 0 && pads[rank + axis] <= most;
        }
        return fits;
    }

    /// <summary>Where each element of the padded axis comes from.</summary>
    private static long[] Sources(string mode, long size, long begin, long end)
    {
        if (size == 0)
        {
            throw new ArgumentException("an axis without elements cannot be continued");
        }
        long[] sources = new long[Math.Max(0, size + begin + end)];
        long period = Math.Max(1, 2 * (size - 1));
        for (int i = 0; i < sources.Length; i++)
        {
            long at = i - begin;
            long within = ((at % period) + period) % period;
            sources[i] = mode switch
            {
                "replicate" => Math.Clamp(at, 0, size - 1),
                "circular" => ((at % size) + size) % size,
                _ => Math.Min(within, period - within) % size,
            };
        }
        return sources;
    }
}
