using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Window functions of signal processing: sums of cosines over one period.</summary>
internal static class SignalWindow
{
    public static Kernel Hann(NodeContext node) => Compile(node, 0.5, 0.5, 0);

    public static Kernel Hamming(NodeContext node) => Compile(node, 25.0 / 46, 21.0 / 46, 0);

    public static Kernel Blackman(NodeContext node) => Compile(node, 0.42, 0.5, 0.08);

    private static Kernel Compile(NodeContext node, double constant, double first, double second)
    {
        bool isPeriodic = node.Attributes.GetInt("periodic", 1) != 0;
        var element = (ElementType)node.Attributes.GetInt("output_datatype", (long)ElementType.Float);
        DataType type = TensorConversion.ToDataType(element) ?? throw node.Unsupported($"the training engine has no tensors of {element.Text()}");
        return frame =>
        {
            long size = frame.Integers(0)[0];
            double period = isPeriodic ? size : size - 1;
            double[] values = new double[size];
            for (int i = 0; i < values.Length; i++)
            {
                double angle = 2 * Math.PI * i / period;
                values[i] = constant - (first * Math.Cos(angle)) + (second * Math.Cos(2 * angle));
            }
            frame.Output(frame.To(frame.Hold(Tensor.From<double>(values, [size], frame.Device)), type));
        };
    }
}
