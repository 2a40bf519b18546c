using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Tensors one behind the other along an axis.</summary>
internal static class Concat
{
    private static readonly Operator Operator = new("aten::cat");

    public static Kernel Compile(NodeContext node)
    {
        long axis = node.Attributes.Contains("axis") ? node.Attributes.GetInt("axis", 0) : throw node.Unsupported("the attribute axis is missing");
        int count = node.Node.Inputs.Count;
        return frame =>
        {
            var parts = new Tensor?[count];
            for (int i = 0; i < count; i++)
            {
                parts[i] = frame.Input(i);
            }
            frame.Output(Operator.Call(parts, axis));
        };
    }
}
