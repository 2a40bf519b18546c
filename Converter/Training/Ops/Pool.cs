using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The largest or the mean value of a sliding window over 1 to 3 axes.</summary>
internal static class Pool
{
    private static readonly Operator[] MaxOperators = [new("aten::max_pool1d"), new("aten::max_pool2d"), new("aten::max_pool3d")];
    private static readonly Operator[] AverageOperators = [new("aten::avg_pool1d"), new("aten::avg_pool2d"), new("aten::avg_pool3d")];
    private static readonly Operator PadWith = new("aten::constant_pad_nd");
    private static readonly Operator OnesLike = new("aten::ones_like");
    private static readonly Operator Divide = new("aten::div", "Tensor");

    public static Kernel Max(NodeContext node)
    {
        node.RequireOneOutput();
        var window = new Window(node);
        long[] kernel = KernelShape(node);
        bool roundUp = node.Attributes.GetInt("ceil_mode", 0) != 0;
        int axes = kernel.Length;
        long[] none = Window.Filled(axes, 0);
        return frame =>
        {
            Tensor input = frame.Input(0);
            long[] pads = window.Pads(Spatial(input, axes), kernel);
            Tensor? padded = FitsTorch(pads, kernel) ? null : PadWith.Call(input, Window.ToTorchOrder(pads), double.NegativeInfinity);
            using (padded)
            {
                frame.Output(MaxOperators[axes - 1].Call(
                    padded ?? input, kernel, window.Strides(axes), padded is null ? pads[..axes] : none, window.Dilations(axes), roundUp));
            }
        };
    }

    public static Kernel Average(NodeContext node)
    {
        var window = new Window(node);
        long[] kernel = KernelShape(node);
        bool roundUp = node.Attributes.GetInt("ceil_mode", 0) != 0;
        bool countPads = node.Attributes.GetInt("count_include_pad", 0) != 0;
        int axes = kernel.Length;
        if (Array.Exists(window.Dilations(axes), dilation => dilation != 1))
        {
            throw node.Unsupported("dilations other than 1 are not implemented for AveragePool");
        }
        Operator average = AverageOperators[axes - 1];
        return frame =>
        {
            Tensor input = frame.Input(0);
            long[] strides = window.Strides(axes);
            long[] pads = window.Pads(Spatial(input, axes), kernel);
            if (FitsTorch(pads, kernel))
            {
                frame.Output(average.Call(input, kernel, strides, pads[..axes], roundUp, countPads));
                return;
            }
            long[] none = Window.Filled(axes, 0);
            using Tensor padded = PadWith.Call(input, Window.ToTorchOrder(pads), 0);
            Tensor mean = average.Call(padded, kernel, strides, none, roundUp, true);
            if (countPads)
            {
                frame.Output(mean);
                return;
            }
            // The share of each window that is not padding, by the same pool over ones.
            using (mean)
            {
                using Tensor ones = OnesLike.Call(input);
                using Tensor paddedOnes = PadWith.Call(ones, Window.ToTorchOrder(pads), 0);
                using Tensor share = average.Call(paddedOnes, kernel, strides, none, roundUp, true);
                frame.Output(Divide.Call(mean, share));
            }
        };
    }

    private static long[] KernelShape(NodeContext node)
    {
        long[] kernel = node.Attributes.GetInts("kernel_shape", null) ?? throw node.Unsupported("the attribute kernel_shape is missing");
        return kernel.Length is >= 1 and <= 3 ? kernel : throw node.Unsupported($"a window over {kernel.Length} axes is not implemented");
    }

    private static long[] Spatial(Tensor input, int axes)
    {
        long[] spatial = Window.Spatial(input.Shape);
        return spatial.Length == axes
            ? spatial
            : throw new ArgumentException($"a window over {axes} axes does not fit an input of {spatial.Length + 2} dimensions");
    }

    /// <summary>libtorch pads both ends alike, and by at most half a window.</summary>
    private static bool FitsTorch(long[] pads, long[] kernel)
    {
        bool fits = Window.IsSymmetric(pads);
        for (int i = 0; i < kernel.Length; i++)
        {
            fits &= pads[i] <= kernel[i] / 2;
        }
        return fits;
    }
}
