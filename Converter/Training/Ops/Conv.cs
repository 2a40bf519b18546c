using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Convolution over 1 to 3 axes, with groups, dilation and any padding: [N,C,…] and [M,C/groups,…] to [N,M,…].</summary>
internal static class Conv
{
    private static readonly Operator Convolution = new("aten::convolution");
    private static readonly Operator PadWithZeros = new("aten::constant_pad_nd");

    public static Kernel Compile(NodeContext node)
    {
        var window = new Window(node);
        long groups = node.Attributes.GetInt("group", 1);
        return frame =>
        {
            Tensor input = frame.Input(0);
            Tensor weight = frame.Input(1);
            long[] spatial = Window.Spatial(input.Shape);
            int axes = spatial.Length;
            long[] pads = window.Pads(spatial, weight.Shape.AsSpan(2));
            long[] none = Window.Filled(axes, 0);
            Tensor? padded = Window.IsSymmetric(pads) ? null : PadWithZeros.Call(input, Window.ToTorchOrder(pads));
            using (padded)
            {
                frame.Output(Convolution.Call(
                    padded ?? input, weight, frame.OptionalInput(2), window.Strides(axes), padded is null ? pads[..axes] : none,
                    window.Dilations(axes), false, none, groups));
            }
        };
    }
}
