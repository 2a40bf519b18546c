using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The largest value, the mean or the norm of a sliding window over 1 to 3 axes.</summary>
internal static class Pool
{
    private static readonly Operator[] MaxOperators = [new("aten::max_pool1d"), new("aten::max_pool2d"), new("aten::max_pool3d")];
    private static readonly Operator[] IndexOperators =
        [new("aten::max_pool1d_with_indices"), new("aten::max_pool2d_with_indices"), new("aten::max_pool3d_with_indices")];
    private static readonly Operator[] AverageOperators = [new("aten::avg_pool1d"), new("aten::avg_pool2d"), new("aten::avg_pool3d")];
    private static readonly Operator Convolution = new("aten::convolution");
    private static readonly Operator Ones = new("aten::ones");
    private static readonly Operator Scatter = new("aten::scatter", "src");
    private static readonly Operator Zeros = new("aten::zeros");

    public static Kernel Max(NodeContext node)
    {
        var window = new Window(node);
        long[] kernel = KernelShape(node);
        int axes = kernel.Length;
        bool wantsIndices = node.IsOutputUsed(1);
        bool columnsFirst = node.Attributes.GetInt("storage_order", 0) != 0;
        return frame =>
        {
            Tensor input = frame.Input(0);
            Tensor real = input.Type.IsFloatingPoint() ? input : frame.To(input, DataType.Float64);
            PoolWindow place = window.Place(Spatial(input, axes), kernel);
            bool fits = place.FitsTorch(kernel);
            Tensor padded = fits ? real : frame.Pad(real, Window.ToTorchOrder(place.Pads), double.NegativeInfinity);
            long[] pads = fits ? place.Pads[..axes] : Window.Filled(axes, 0);
            if (!wantsIndices)
            {
                Tensor result = frame.Run(MaxOperators[axes - 1], padded, kernel, place.Strides, pads, place.Dilations, fits && place.RoundsUp);
                frame.Output(real == input ? result : frame.To(result, input.Type));
                return;
            }
            Tensor?[] both = IndexOperators[axes - 1].CallAll(2, padded, kernel, place.Strides, pads, place.Dilations, fits && place.RoundsUp);
            Tensor values = frame.Hold(both[0]!);
            Tensor indices = frame.Hold(both[1]!);
            frame.Output(real == input ? values : frame.To(values, input.Type));
            frame.Output(Places(frame, indices, input.Shape, padded.Shape, fits ? Window.Filled(axes, 0) : place.Pads, columnsFirst), 1);
        };
    }

    public static Kernel Average(NodeContext node)
    {
        var window = new Window(node);
        long[] kernel = KernelShape(node);
        bool countPads = node.Attributes.GetInt("count_include_pad", 0) != 0;
        int axes = kernel.Length;
        return frame =>
        {
            Tensor input = frame.Input(0);
            PoolWindow place = window.Place(Spatial(input, axes), kernel);
            if (place.FitsTorch(kernel) && !place.IsDilated)
            {
                frame.Output(AverageOperators[axes - 1].Call(input, kernel, place.Strides, place.Pads[..axes], place.RoundsUp, countPads));
                return;
            }
            // How many elements count in each window, by the same sum over ones: pads may count, what rounding up adds never does.
            Tensor sum = Sum(frame, frame.Pad(input, Window.ToTorchOrder(place.Pads), 0), kernel, place);
            Tensor ones = frame.OnesLike(frame.Slice(frame.Slice(input, 0, 0, 1), 1, 0, 1));
            Tensor counted = countPads
                ? frame.Pad(frame.Pad(ones, Window.ToTorchOrder(place.DeclaredPads), 1), Window.ToTorchOrder(place.BeyondDeclared), 0)
                : frame.Pad(ones, Window.ToTorchOrder(place.Pads), 0);
            frame.Output(frame.Divide(sum, Sum(frame, counted, kernel, place)));
        };
    }

    /// <summary>(Σ |x|ᵖ)^(1/p) of each window.</summary>
    public static Kernel Norm(NodeContext node)
    {
        var window = new Window(node);
        long[] kernel = KernelShape(node);
        double power = node.Attributes.Find("p")?.Content is float real ? real : node.Attributes.GetInt("p", 2);
        int axes = kernel.Length;
        return frame =>
        {
            Tensor input = frame.Input(0);
            PoolWindow place = window.Place(Spatial(input, axes), kernel);
            Tensor raised = frame.Power(frame.Abs(input), power);
            Tensor sum = Sum(frame, frame.Pad(raised, Window.ToTorchOrder(place.Pads), 0), kernel, place);
            frame.Output(frame.Power(sum, 1 / power));
        };
    }

    /// <summary>Puts values back where MaxPool took them from, zeros elsewhere.</summary>
    public static Kernel Unpool(NodeContext node)
    {
        var window = new Window(node);
        long[] kernel = KernelShape(node);
        int axes = kernel.Length;
        return frame =>
        {
            Tensor input = frame.Input(0);
            long[] shape = input.Shape;
            long[]? given = frame.OptionalIntegers(2);
            long[] strides = window.Strides(axes);
            long[] pads = window.Pads(shape.AsSpan(2), kernel);
            long[] result = [.. shape];
            for (int i = 0; i < axes; i++)
            {
                result[i + 2] = ((shape[i + 2] - 1) * strides[i]) - pads[i] - pads[axes + i] + kernel[i];
            }
            result = given ?? result;
            Tensor empty = frame.Run(Zeros, new[] { Flatten.Product(result) }, input.Type, Argument.None, frame.Device);
            Tensor filled = frame.Run(Scatter, empty, 0, frame.Reshape(frame.Input(1), -1), frame.Reshape(input, -1));
            frame.Output(frame.Reshape(filled, result));
        };
    }

    private static long[] KernelShape(NodeContext node)
    {
        long[] kernel = node.Attributes.GetInts("kernel_shape", null) ?? throw node.Unsupported("the attribute kernel_shape is missing");
        return kernel.Length is >= 1 and <= 3 ? kernel : throw node.Unsupported($"ONNX allows a window over {kernel.Length} axes; the training engine executes 1 to 3");
    }

    private static long[] Spatial(Tensor input, int axes)
    {
        long[] spatial = Window.Spatial(input.Shape);
        return spatial.Length == axes
            ? spatial
            : throw new ArgumentException($"a window over {axes} axes does not fit an input of {spatial.Length + 2} dimensions");
    }

    /// <summary>The sum of each window over an input that is padded already.</summary>
    private static Tensor Sum(KernelFrame frame, Tensor padded, long[] kernel, PoolWindow place)
    {
        int axes = kernel.Length;
        long[] none = Window.Filled(axes, 0);
        if (!place.IsDilated)
        {
            Tensor mean = frame.Run(AverageOperators[axes - 1], padded, kernel, place.Strides, none, false, true);
            return frame.Multiply(mean, Flatten.Product(kernel));
        }
        long channels = padded.Shape[1];
        Tensor ones = frame.Run(Ones, (long[])[channels, 1, .. kernel], padded.Type, Argument.None, frame.Device);
        return frame.Run(Convolution, padded, ones, Argument.None, place.Strides, none, place.Dilations, false, none, channels);
    }

    /// <summary>Indices into one padded plane as indices into the whole input.</summary>
    private static Tensor Places(KernelFrame frame, Tensor indices, long[] input, long[] padded, long[] pads, bool columnsFirst)
    {
        int axes = input.Length - 2;
        Tensor rest = indices;
        Tensor? flat = null;
        long weight = 1;
        var coordinates = new Tensor[axes];
        for (int i = axes - 1; i >= 0; i--)
        {
            coordinates[i] = frame.Add(frame.Remainder(rest, padded[i + 2]), -pads[i]);
            rest = frame.DivideDown(rest, padded[i + 2]);
        }
        for (int i = 0; i < axes; i++)
        {
            int axis = columnsFirst ? i : axes - 1 - i;
            Tensor part = frame.Multiply(coordinates[axis], weight);
            flat = flat is null ? part : frame.Add(flat, part);
            weight *= input[axis + 2];
        }
        long[] planes = new long[input.Length];
        Array.Fill(planes, 1);
        (planes[0], planes[1]) = (input[0], input[1]);
        return frame.Add(flat!, frame.Reshape(frame.Multiply(frame.Count(input[0] * input[1]), weight), planes));
    }
}
