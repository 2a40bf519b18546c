using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Samples images at places that a grid names (Jaderberg et al. 2015), and makes such grids from affine maps.</summary>
internal static class GridSample
{
    private static readonly Operator Sampler = new("aten::grid_sampler");
    private static readonly Operator Generator = new("aten::affine_grid_generator");

    public static Kernel Compile(NodeContext node)
    {
        long mode = node.Attributes.GetString("mode", "linear") switch
        {
            "linear" or "bilinear" => 0,
            "nearest" => 1,
            "cubic" or "bicubic" => 2,
            string other => throw node.Unsupported($"mode '{other}' is not one of linear, nearest, cubic"),
        };
        long padding = node.Attributes.GetString("padding_mode", "zeros") switch
        {
            "zeros" => 0,
            "border" => 1,
            "reflection" => 2,
            string other => throw node.Unsupported($"padding_mode '{other}' is not one of zeros, border, reflection"),
        };
        bool corners = node.Attributes.GetInt("align_corners", 0) != 0;
        return frame =>
        {
            Tensor input = frame.Input(0);
            Tensor grid = frame.Input(1);
            if (mode == 1 && input.Rank == 5)
            {
                grid = padding == 2
                    ? throw node.Unsupported("ONNX allows nearest with reflection in volumes; the training engine does not execute it")
                    : Rounded(frame, grid, input.Shape, corners);
            }
            frame.Output(Sampler.Call(input, grid, mode, padding, corners));
        };
    }

    /// <summary>Places moved onto the elements: of volumes libtorch takes halves away from zero, ONNX to the even element.</summary>
    private static Tensor Rounded(KernelFrame frame, Tensor grid, long[] shape, bool corners)
    {
        Tensor sizes = frame.To(frame.Integers(shape[4], shape[3], shape[2]), grid.Type);
        Tensor span = corners ? frame.Add(sizes, -1) : sizes;
        Tensor shift = frame.Multiply(frame.Subtract(span, frame.Add(sizes, -1)), 0.5);
        Tensor places = frame.Subtract(frame.Multiply(frame.Multiply(frame.Add(grid, 1), span), 0.5), shift);
        Tensor back = frame.Divide(frame.Multiply(frame.Add(frame.Round(places), shift), 2), span);
        return frame.Add(back, -1);
    }

    public static Kernel Affine(NodeContext node)
    {
        bool corners = node.Attributes.GetInt("align_corners", 0) != 0;
        return frame => frame.Output(Generator.Call(frame.Input(0), frame.Integers(1), corners));
    }
}
