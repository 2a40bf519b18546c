using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// The gradient of a convolution with respect to its input, as a layer: [N,C,…] and [C,M/groups,…] to [N,M,…]. The size of the
/// result is <c>stride·(size − 1) + output_padding + dilation·(kernel − 1) + 1 − pads</c>, or what output_shape says.
/// </summary>
internal static class ConvTranspose
{
    private static readonly Operator Convolution = new("aten::convolution");

    public static Kernel Compile(NodeContext node)
    {
        var window = new Window(node);
        long groups = node.Attributes.GetInt("group", 1);
        string autoPad = node.Attributes.GetString("auto_pad", "NOTSET");
        long[]? outputShape = node.Attributes.GetInts("output_shape", null);
        long[]? outputPadding = node.Attributes.GetInts("output_padding", null);
        return frame =>
        {
            Tensor input = frame.Input(0);
            Tensor weight = frame.Input(1);
            long[] spatial = Window.Spatial(input.Shape);
            int axes = spatial.Length;
            long[] kernel = weight.Shape[2..];
            long[] strides = window.Strides(axes);
            long[] dilations = window.Dilations(axes);
            long[] extra = outputPadding is { Length: > 0 } ? outputPadding : Window.Filled(axes, 0);
            long[]? wanted = outputShape is { } shape ? shape[^axes..] : autoPad.StartsWith("SAME", StringComparison.Ordinal) ? Times(spatial, strides) : null;
            long[] pads = wanted is null
                ? window.Pads(spatial, kernel)
                : PadsFor(wanted, spatial, kernel, strides, dilations, extra, autoPad == "SAME_UPPER");
            if (FitsTorch(pads, extra, strides, dilations))
            {
                frame.Output(Convolution.Call(
                    input, weight, frame.OptionalInput(2), strides, pads[..axes], dilations, true, extra, groups));
                return;
            }
            // Without padding first; then what the pads take away is cut off, and what is missing at the ends is zeros.
            long[] none = Window.Filled(axes, 0);
            Tensor whole = frame.Run(Convolution, input, weight, Argument.None, strides, none, dilations, true, none, groups);
            long[] cut = new long[2 * axes];
            for (int i = 0; i < axes; i++)
            {
                cut[i] = -pads[i];
                cut[axes + i] = extra[i] - pads[axes + i];
            }
            Tensor result = frame.Pad(whole, Window.ToTorchOrder(cut), 0);
            if (frame.OptionalInput(2) is { } bias)
            {
                long[] channel = Window.Filled(axes + 1, 1);
                channel[0] = -1;
                result = frame.Add(result, frame.Reshape(bias, channel));
            }
            frame.Output(result);
        };
    }

    private static long[] PadsFor(long[] wanted, long[] input, long[] kernel, long[] strides, long[] dilations, long[] extra, bool upper)
    {
        int axes = wanted.Length;
        long[] pads = new long[2 * axes];
        for (int i = 0; i < axes; i++)
        {
            long all = (strides[i] * (input[i] - 1)) + extra[i] + ((kernel[i] - 1) * dilations[i]) + 1 - wanted[i];
            long cut = Math.Max(0, all);
            pads[i] = upper ? cut / 2 : cut - (cut / 2);
            pads[axes + i] = all - pads[i];
        }
        return pads;
    }

    private static long[] Times(long[] sizes, long[] strides)
    {
        long[] result = new long[sizes.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = sizes[i] * strides[i];
        }
        return result;
    }

    /// <summary>libtorch pads both ends alike and adds less at the end than a stride or a dilation.</summary>
    private static bool FitsTorch(long[] pads, long[] extra, long[] strides, long[] dilations)
    {
        bool fits = Window.IsSymmetric(pads);
        for (int i = 0; i < extra.Length; i++)
        {
            fits &= pads[i] >= 0 && extra[i] < Math.Max(strides[i], dilations[i]);
        }
        return fits;
    }
}
