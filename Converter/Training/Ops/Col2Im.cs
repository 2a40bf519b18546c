using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Adds blocks [N, C·block, L] up to the image [N,C,…] that they were cut from.</summary>
internal static class Col2Im
{
    private static readonly Operator IndexAdd = new("aten::index_add");

    public static Kernel Compile(NodeContext node)
    {
        var window = new Window(node);
        return frame =>
        {
            long[] image = frame.Integers(1);
            long[] block = frame.Integers(2);
            int axes = image.Length;
            long[] pads = window.Pads(image, block);
            long[] strides = window.Strides(axes);
            long[] dilations = window.Dilations(axes);
            long[] padded = new long[axes];
            long[] steps = new long[axes];
            for (int i = 0; i < axes; i++)
            {
                padded[i] = image[i] + pads[i] + pads[axes + i];
                steps[i] = ((padded[i] - ((block[i] - 1) * dilations[i]) - 1) / strides[i]) + 1;
            }
            long[] shape = frame.Input(0).Shape;
            long channels = shape[1] / Flatten.Product(block);
            long[] places = Places(block, steps, padded, strides, dilations);
            Tensor empty = frame.Hold(Tensor.Zeros(frame.Input(0).Type, [shape[0] * channels, Flatten.Product(padded)], frame.Device));
            Tensor sum = frame.Run(IndexAdd, empty, 1, frame.Integers(places), frame.Reshape(frame.Input(0), shape[0] * channels, -1));
            Tensor whole = frame.Reshape(sum, [shape[0], channels, .. padded]);
            frame.Output(frame.Pad(whole, Window.ToTorchOrder(Array.ConvertAll(pads, pad => -pad)), 0));
        };
    }

    /// <summary>Where each element of each block stands in the padded image.</summary>
    private static long[] Places(long[] block, long[] steps, long[] padded, long[] strides, long[] dilations)
    {
        long elements = Flatten.Product(block);
        long blocks = Flatten.Product(steps);
        long[] places = new long[elements * blocks];
        for (long i = 0; i < places.Length; i++)
        {
            (long element, long which) = (i / blocks, i % blocks);
            long factor = 1;
            for (int axis = block.Length - 1; axis >= 0; axis--)
            {
                places[i] += (((element % block[axis]) * dilations[axis]) + ((which % steps[axis]) * strides[axis])) * factor;
                element /= block[axis];
                which /= steps[axis];
                factor *= padded[axis];
            }
        }
        return places;
    }
}
