namespace Edge.Graph.Execution;

/// <summary>Inputs that a model may take: seeded random numbers in the shapes that its graph states.</summary>
internal sealed class RandomInputs(OnnxModel model, ProofOptions options)
{
    // Memory for one input; what is larger is no test input.
    private const long MaximumElements = 1 << 26;

    // Sizes for axes that the graph leaves open, first the outermost and then the rest, and what whole numbers may be.
    // Small sizes come first; some models need a window's worth of samples.
    private static readonly (long Outer, long Inner, int Numbers)[] Attempts =
    [
        (2, 4, 4), (1, 4, 2), (2, 2, 2), (1, 1, 1), (1, 32, 2), (2, 64, 4), (1, 224, 2), (1, 256, 2), (1, 320, 2), (1, 512, 2), (1, 2048, 2), (1, 16000, 2),
    ];

    /// <summary>How many ways there are to choose what the graph leaves open.</summary>
    internal static int AttemptCount => 2 * Attempts.Length;

    /// <summary>Makes inputs.</summary>
    /// <param name="attempt">Which way to choose what the graph leaves open.</param>
    /// <param name="run">Which set of random numbers.</param>
    /// <param name="reason">Why there are none: an input that is no tensor of numbers.</param>
    /// <returns>One tensor an input, or null.</returns>
    internal Dictionary<string, OnnxTensor>? Make(int attempt, int run, out string reason)
    {
        var random = new Random(HashCode(options.Seed, run));
        var sizes = new Dictionary<string, long>(options.Sizes, StringComparer.Ordinal);
        var inputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (Value input in model.Graph.Inputs)
        {
            if (input.Constant is not null)
            {
                continue;
            }
            if (input.Type is not TensorType { Shape: { } shape } type)
            {
                reason = $"input '{input.Name}' is {input.Type?.ToString() ?? "of no stated type"}, for which there are no random values; give real inputs";
                return null;
            }
            (long outer, long inner, int numbers) = Attempts[attempt % Attempts.Length];
            // The outermost axis is the batch; where that is fixed, the second half of the attempts takes the first open one for it.
            int batch = attempt < Attempts.Length ? 0 : FirstOpen(shape);
            long[] dims = new long[shape.Rank];
            double count = 1;
            for (int axis = 0; axis < dims.Length; axis++)
            {
                dims[axis] = Size(shape[axis], axis == batch ? outer : inner, sizes);
                count *= dims[axis];
            }
            if (count > MaximumElements)
            {
                reason = $"input '{input.Name}' of {type} is too large for random values; give real inputs";
                return null;
            }
            if (Fill(type.Element, dims, (int)count, numbers, run, random) is not { } tensor)
            {
                reason = $"input '{input.Name}' is {type}, for which there are no random values; give real inputs";
                return null;
            }
            inputs[input.Name] = tensor;
        }
        reason = "";
        return inputs;
    }

    private static int FirstOpen(TensorShape shape)
    {
        int axis = 0;
        while (axis < shape.Rank && shape[axis].Size is not null)
        {
            axis++;
        }
        return axis;
    }

    private static long Size(Dimension dimension, long chosen, Dictionary<string, long> sizes)
    {
        if (dimension.Size is { } size)
        {
            return size;
        }
        if (dimension.Symbol is not { } symbol)
        {
            return chosen;
        }
        if (!sizes.TryGetValue(symbol, out long known))
        {
            sizes[symbol] = known = chosen;
        }
        return known;
    }

    private static OnnxTensor? Fill(ElementType type, long[] dims, int count, int numbers, int run, Random random)
    {
        // The first run stays within 0 and 1, as pictures do; later ones reach below zero and further out.
        float Real() => run == 0 ? random.NextSingle() : ((random.NextSingle() * 2) - 1) * 2;
        T[] Make<T>(Func<T> next)
        {
            var data = new T[count];
            for (int index = 0; index < count; index++)
            {
                data[index] = next();
            }
            return data;
        }
        return type switch
        {
            ElementType.Float => OnnxTensor.From<float>(Make(Real), dims),
            ElementType.Double => OnnxTensor.From<double>(Make(() => (double)Real()), dims),
            ElementType.Float16 => OnnxTensor.From<Half>(Make(() => (Half)Real()), dims),
            ElementType.Bool => OnnxTensor.From<bool>(Make(() => random.Next(2) == 1), dims),
            ElementType.UInt8 => OnnxTensor.From<byte>(Make(() => (byte)random.Next(256)), dims),
            ElementType.Int8 => OnnxTensor.From<sbyte>(Make(() => (sbyte)random.Next(-128, 128)), dims),
            ElementType.Int16 => OnnxTensor.From<short>(Make(() => (short)random.Next(numbers)), dims),
            ElementType.UInt16 => OnnxTensor.From<ushort>(Make(() => (ushort)random.Next(numbers)), dims),
            ElementType.Int32 => OnnxTensor.From<int>(Make(() => random.Next(numbers)), dims),
            ElementType.UInt32 => OnnxTensor.From<uint>(Make(() => (uint)random.Next(numbers)), dims),
            ElementType.Int64 => OnnxTensor.From<long>(Make(() => (long)random.Next(numbers)), dims),
            ElementType.UInt64 => OnnxTensor.From<ulong>(Make(() => (ulong)random.Next(numbers)), dims),
            _ => null,
        };
    }

    private static int HashCode(int seed, int run) => unchecked((seed * 397) + run);
}
