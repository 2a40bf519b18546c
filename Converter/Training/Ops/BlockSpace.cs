using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Moves elements between channels and blocks of pixels: [N,C,H,W].</summary>
internal static class BlockSpace
{
    public static Kernel DepthToSpace(NodeContext node)
    {
        long block = node.Attributes.GetInt("blocksize", 1);
        bool columnsFirst = node.Attributes.GetString("mode", "DCR") switch
        {
            "DCR" => false,
            "CRD" => true,
            string other => throw node.Unsupported($"mode '{other}' is neither DCR nor CRD"),
        };
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            (long n, long c, long h, long w) = (shape[0], shape[1], shape[2], shape[3]);
            long depth = c / (block * block);
            Tensor turned = columnsFirst
                ? frame.Permute(frame.Reshape(frame.Input(0), n, depth, block, block, h, w), 0, 1, 4, 2, 5, 3)
                : frame.Permute(frame.Reshape(frame.Input(0), n, block, block, depth, h, w), 0, 3, 4, 1, 5, 2);
            frame.Output(frame.Reshape(turned, n, depth, h * block, w * block));
        };
    }

    public static Kernel SpaceToDepth(NodeContext node)
    {
        long block = node.Attributes.GetInt("blocksize", 1);
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            (long n, long c, long h, long w) = (shape[0], shape[1], shape[2] / block, shape[3] / block);
            Tensor turned = frame.Permute(frame.Reshape(frame.Input(0), n, c, h, block, w, block), 0, 3, 5, 1, 2, 4);
            frame.Output(frame.Reshape(turned, n, c * block * block, h, w));
        };
    }
}
