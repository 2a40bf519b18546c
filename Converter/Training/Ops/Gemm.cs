using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>α·A·B + β·C, A and B transposed where asked, C broadcast to the product.</summary>
internal static class Gemm
{
    private static readonly Operator AddProduct = new("aten::addmm");
    private static readonly Operator Product = new("aten::mm");
    private static readonly Operator Turn = new("aten::t");
    private static readonly Operator Scale = new("aten::mul", "Scalar");

    public static Kernel Compile(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1);
        double beta = node.Attributes.GetFloat("beta", 1);
        bool turnA = node.Attributes.GetInt("transA", 0) != 0;
        bool turnB = node.Attributes.GetInt("transB", 0) != 0;
        return frame =>
        {
            using Tensor? turnedA = turnA ? Turn.Call(frame.Input(0)) : null;
            using Tensor? turnedB = turnB ? Turn.Call(frame.Input(1)) : null;
            Tensor a = turnedA ?? frame.Input(0);
            Tensor b = turnedB ?? frame.Input(1);
            if (frame.OptionalInput(2) is { } c)
            {
                frame.Output(AddProduct.Call(c, a, b, beta, alpha));
            }
            else if (alpha == 1)
            {
                frame.Output(Product.Call(a, b));
            }
            else
            {
                using Tensor product = Product.Call(a, b);
                frame.Output(Scale.Call(product, alpha));
            }
        };
    }
}
