using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Resizes axes by nearest elements, linear or cubic interpolation, one axis after the other.</summary>
internal static class Resize
{
    private static readonly Operator Nearest2D = new("aten::upsample_nearest2d");
    private static readonly Operator Bilinear2D = new("aten::upsample_bilinear2d");

    /// <summary>Upsample of opset 7: scales in an attribute.</summary>
    public static Kernel UpsampleByAttribute(NodeContext node)
    {
        float[] scales = node.Attributes.GetFloats("scales", null) ?? throw node.Unsupported("the attribute scales is missing");
        string mode = node.Attributes.GetString("mode", "nearest");
        return frame => Run(frame, new Settings(node, mode, "asymmetric", "floor"), Axes(frame.Input(0).Shape, scales, null, null, null, null));
    }

    /// <summary>Upsample of opset 9 and Resize of opset 10: scales as input 1.</summary>
    public static Kernel ByScales(NodeContext node)
    {
        var settings = new Settings(node, node.Attributes.GetString("mode", "nearest"), "asymmetric", "floor");
        return frame => Run(frame, settings, Axes(frame.Input(0).Shape, Numbers(frame, 1), null, null, null, null));
    }

    /// <summary>Resize since opset 11: region of interest, scales or sizes as inputs.</summary>
    public static Kernel Compile(NodeContext node)
    {
        var settings = new Settings(
            node,
            node.Attributes.GetString("mode", "nearest"),
            node.Attributes.GetString("coordinate_transformation_mode", "half_pixel"),
            node.Attributes.GetString("nearest_mode", "round_prefer_floor"));
        long[]? axes = node.Attributes.GetInts("axes", null);
        string policy = node.Attributes.GetString("keep_aspect_ratio_policy", "stretch");
        return frame =>
        {
            float[]? scales = Numbers(frame, 2);
            long[]? sizes = scales is null ? frame.OptionalIntegers(3) : null;
            if (scales is null && sizes is null)
            {
                throw new ArgumentException("neither scales nor sizes are given");
            }
            float[]? region = settings.Coordinates == "tf_crop_and_resize" ? Numbers(frame, 1) : null;
            Run(frame, settings, Axes(frame.Input(0).Shape, scales, sizes, axes, region, policy));
        };
    }

    private static float[]? Numbers(KernelFrame frame, int input) =>
        frame.OptionalInput(input) is { Length: > 0 } tensor ? frame.To(tensor, DataType.Float32).ToArray<float>() : null;

    private static ResizeAxis[] Axes(long[] shape, float[]? scales, long[]? sizes, long[]? named, float[]? region, string? policy)
    {
        var axes = new ResizeAxis[shape.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = new ResizeAxis(shape[i], shape[i], 1, 0, 1);
        }
        int count = scales?.Length ?? sizes?.Length ?? 0;
        named ??= Reduction.AllAxes(count);
        float common = 0;
        for (int i = 0; sizes is not null && policy is "not_larger" or "not_smaller" && i < count; i++)
        {
            float scale = sizes[i] / (float)shape[NodeContext.Axis(named[i], shape.Length)];
            common = i == 0 ? scale : policy == "not_larger" ? Math.Min(common, scale) : Math.Max(common, scale);
        }
        for (int i = 0; i < count; i++)
        {
            int axis = NodeContext.Axis(named[i], shape.Length);
            long size = shape[axis];
            float scale = scales?[i] ?? (common > 0 ? common : sizes![i] / (float)size);
            long result = scales is not null ? (long)MathF.Floor(size * scale)
                : common > 0 ? (long)MathF.Floor((size * common) + 0.5f)
                : sizes![i];
            axes[axis] = new ResizeAxis(size, result, scale, region?[i] ?? 0, region?[i + count] ?? 1);
        }
        return axes;
    }

    private static void Run(KernelFrame frame, Settings settings, ResizeAxis[] axes)
    {
        Tensor input = frame.Input(0);
        Tensor result = input;
        if (settings.Mode == "nearest")
        {
            frame.Output(Nearest(frame, settings, axes, input));
            return;
        }
        if (FitsBilinear(settings, axes) && input.Type.IsFloatingPoint())
        {
            frame.Output(Bilinear2D.Call(input, new[] { axes[2].Result, axes[3].Result }, settings.Coordinates == "align_corners"));
            return;
        }
        result = input.Type.IsFloatingPoint() ? input : frame.To(input, DataType.Float32);
        float? cubic = settings.Mode == "cubic" ? settings.CubicA : null;
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            ResizeAxis axis = axes[i];
            if (axis is { Scale: 1, Start: 0, End: 1 } && axis.Size == axis.Result)
            {
                continue;
            }
            float[] weights = axis.Weights(axis.Coordinates(settings.Coordinates), cubic, settings.Antialias, settings.ExcludesOutside);
            Tensor matrix = frame.To(frame.Hold(Tensor.From<float>(weights, [axis.Result, axis.Size], frame.Device)), result.Type);
            result = frame.Swap(frame.MatMul(frame.Swap(result, i, -1), frame.Swap(matrix, 0, 1)), i, -1);
        }
        result = Extrapolate(frame, settings, axes, result);
        frame.Output(input.Type.IsFloatingPoint() ? result : frame.To(frame.Round(result), input.Type));
    }

    private static Tensor Nearest(KernelFrame frame, Settings settings, ResizeAxis[] axes, Tensor input)
    {
        var sources = new long[axes.Length][];
        bool evenly = axes.Length == 4 && input.Type.IsFloatingPoint();
        for (int i = 0; i < axes.Length; i++)
        {
            ResizeAxis axis = axes[i];
            sources[i] = axis is { Scale: 1, Start: 0, End: 1 } && axis.Size == axis.Result
                ? Reduction.AllAxes((int)axis.Size)
                : axis.Nearest(axis.Coordinates(settings.Coordinates), settings.NearestMode);
            long times = axis.Size == 0 ? 0 : axis.Result / axis.Size;
            evenly &= times > 0 && times * axis.Size == axis.Result && (i >= 2 || times == 1);
            for (int x = 0; evenly && x < sources[i].Length; x++)
            {
                evenly = sources[i][x] == x / times;
            }
        }
        if (evenly)
        {
            return frame.Run(Nearest2D, input, new[] { axes[2].Result, axes[3].Result });
        }
        Tensor result = input;
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i] is not { Scale: 1, Start: 0, End: 1 } || axes[i].Size != axes[i].Result)
            {
                result = frame.IndexSelect(result, i, frame.Integers(sources[i]));
            }
        }
        return Extrapolate(frame, settings, axes, result);
    }

    /// <summary>Places whose source lies outside of the input take one value.</summary>
    private static Tensor Extrapolate(KernelFrame frame, Settings settings, ResizeAxis[] axes, Tensor result)
    {
        if (settings.Coordinates != "tf_crop_and_resize")
        {
            return result;
        }
        for (int i = 0; i < axes.Length; i++)
        {
            ResizeAxis axis = axes[i];
            bool[] inside = Array.ConvertAll(axis.Coordinates(settings.Coordinates), x => x >= 0 && x <= axis.Size - 1);
            if (Array.TrueForAll(inside, item => item))
            {
                continue;
            }
            long[] shape = Window.Filled(axes.Length, 1);
            shape[i] = axis.Result;
            result = frame.Where(frame.Hold(Tensor.From<bool>(inside, shape, frame.Device)), result, settings.ExtrapolationValue);
        }
        return result;
    }

    private static bool FitsBilinear(Settings settings, ResizeAxis[] axes) =>
        settings is { Mode: "linear", Antialias: false }
        && axes is [{ Scale: 1, Result: var n, Size: var n0 }, { Scale: 1, Result: var c, Size: var c0 }, var h, var w]
        && n == n0 && c == c0
        && (settings.Coordinates == "align_corners"
            || (settings.Coordinates == "half_pixel" && h.Scale * h.Size == h.Result && w.Scale * w.Size == w.Result));

    private sealed class Settings
    {
        public Settings(NodeContext node, string mode, string coordinates, string nearestMode)
        {
            if (mode is not ("nearest" or "linear" or "cubic"))
            {
                throw node.Unsupported($"mode '{mode}' is not one of nearest, linear, cubic");
            }
            Mode = mode;
            Coordinates = coordinates;
            NearestMode = nearestMode;
            CubicA = node.Attributes.GetFloat("cubic_coeff_a", -0.75f);
            Antialias = node.Attributes.GetInt("antialias", 0) != 0;
            ExcludesOutside = node.Attributes.GetInt("exclude_outside", 0) != 0;
            ExtrapolationValue = node.Attributes.GetFloat("extrapolation_value", 0);
        }

        public string Mode { get; }

        public string Coordinates { get; }

        public string NearestMode { get; }

        public float CubicA { get; }

        public bool Antialias { get; }

        public bool ExcludesOutside { get; }

        public double ExtrapolationValue { get; }
    }
}
