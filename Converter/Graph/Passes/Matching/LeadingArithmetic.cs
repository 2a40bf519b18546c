namespace Edge.Graph.Passes.Matching;

/// <summary>The Sub, Mul, Div and Add with constants that an input goes through before anything else reads it.</summary>
internal sealed class LeadingArithmetic
{
    private readonly List<(Node Node, double[] Numbers, bool ConstantIsFirst)> _steps = [];

    internal LeadingArithmetic(Value input)
    {
        Result = input;
        while (Result.HasOneReader() && Result.Uses.First().Node is { } node && ReferenceEquals(node.Graph, input.Graph)
            && node.Domain.Length == 0 && node.OpType is "Sub" or "Mul" or "Div" or "Add" && !node.Attributes.Contains("broadcast")
            && Match.WithConstant(node) is { } sides && !(node.OpType == "Div" && sides.ConstantIsFirst)
            && PerChannel(sides.Constant, input.Shape) is { } numbers)
        {
            _steps.Add((node, numbers, sides.ConstantIsFirst));
            Nodes.Add(node);
            Result = node.Outputs[0]!;
        }
    }

    /// <summary>The nodes, in order.</summary>
    internal List<Node> Nodes { get; } = [];

    /// <summary>What the last of them makes; the input itself where there are none.</summary>
    internal Value Result { get; private set; }

    /// <summary>What the nodes do together, behind what is done outside, as <c>scale · x + shift</c> by channel.</summary>
    /// <exception cref="ModelFormatException">A list of numbers does not fit the channels, or a factor is zero or not finite.</exception>
    internal (double[] Scale, double[] Shift) Factors(long channels, InputNormalization? outside, string input)
    {
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            (double a, double b) = (1, 0);
            if (outside is not null)
            {
                double deviation = At(outside.Deviation, channel, channels, input);
                (a, b) = (outside.Scale / deviation, -At(outside.Mean, channel, channels, input) / deviation);
            }
            foreach ((Node node, double[] numbers, bool constantIsFirst) in _steps)
            {
                double number = At(numbers, channel, channels, input);
                (a, b) = node.OpType switch
                {
                    "Mul" => (a * number, b * number),
                    "Div" => (a / number, b / number),
                    "Add" => (a, b + number),
                    _ when constantIsFirst => (-a, number - b),
                    _ => (a, b - number),
                };
            }
            if (a == 0 || !double.IsFinite(a) || !double.IsFinite(b))
            {
                throw new ModelFormatException($"input '{input}': its normalisation divides by zero or leaves nothing; export the model again");
            }
            (scale[channel], shift[channel]) = (a, b);
        }
        return (scale, shift);
    }

    private static double At(IReadOnlyList<double> numbers, int channel, long channels, string input)
    {
        if (numbers.Count != 1 && numbers.Count != channels)
        {
            throw new ModelFormatException($"input '{input}': {numbers.Count} numbers are given for its {channels} channels; give one, or one a channel");
        }
        return numbers[numbers.Count == 1 ? 0 : channel];
    }

    // One number, or one for each size of axis 1.
    private static double[]? PerChannel(Value constant, TensorShape? shape)
    {
        if (constant.Reals() is not { Length: > 0 } numbers || shape is null || constant.Constant!.Dims.Length > shape.Rank)
        {
            return null;
        }
        if (numbers.Length == 1)
        {
            return numbers;
        }
        long[] dims = constant.Constant.Dims;
        int axis = dims.Length - shape.Rank + 1;
        return axis >= 0 && dims[axis] == numbers.Length && shape[1].Size == numbers.Length ? numbers : null;
    }
}
