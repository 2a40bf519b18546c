using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>An activation that a recurrent layer names in an attribute.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">What it does.</param>
internal sealed record Activation(string Name, Func<KernelFrame, Tensor, Tensor> Run)
{
    private static readonly Operator Relu = new("aten::relu");
    private static readonly Operator LeakyRelu = new("aten::leaky_relu");
    private static readonly Operator Threshold = new("aten::threshold");
    private static readonly Operator Elu = new("aten::elu");
    private static readonly Operator Softplus = new("aten::softplus");

    public static Activation Of(NodeContext node, string name, float? alpha, float? beta)
    {
        (double a, double b) = (alpha ?? Default(name).Alpha, beta ?? Default(name).Beta);
        return name.ToUpperInvariant() switch
        {
            "SIGMOID" => new("Sigmoid", static (frame, x) => frame.Sigmoid(x)),
            "TANH" => new("Tanh", static (frame, x) => frame.Tanh(x)),
            "RELU" => new("Relu", static (frame, x) => frame.Run(Relu, x)),
            "AFFINE" => new(name, (frame, x) => frame.Add(frame.Multiply(x, a), b)),
            "LEAKYRELU" => new(name, (frame, x) => frame.Run(LeakyRelu, x, a)),
            "THRESHOLDEDRELU" => new(name, (frame, x) => frame.Run(Threshold, x, a, 0)),
            "SCALEDTANH" => new(name, (frame, x) => frame.Multiply(frame.Tanh(frame.Multiply(x, b)), a)),
            "HARDSIGMOID" => new(name, (frame, x) => frame.Clamp(frame.Add(frame.Multiply(x, a), b), 0, 1)),
            "ELU" => new(name, (frame, x) => frame.Run(Elu, x, a)),
            "SOFTSIGN" => new(name, static (frame, x) => frame.Divide(x, frame.Add(frame.Abs(x), 1))),
            "SOFTPLUS" => new(name, static (frame, x) => frame.Run(Softplus, x, 1, 88)),
            _ => throw node.Unsupported($"activation '{name}' is not one of ONNX's"),
        };
    }

    private static (double Alpha, double Beta) Default(string name) => name.ToUpperInvariant() switch
    {
        "LEAKYRELU" => (0.01f, 0),
        "HARDSIGMOID" => (0.2f, 0.5),
        _ => (1, name.Equals("Affine", StringComparison.OrdinalIgnoreCase) ? 0 : 1),
    };
}
