using Edge.Graph;
using Edge.Graph.Passes;

namespace Edge.Quantizer.Schemes;

/// <summary>
/// Weights of matrix products as 4- or 8-bit numbers with a scale for each block (the operator MatMulNBits of ONNX Runtime), and
/// embedding tables as int8 rows; activations stay float, so that nothing is calibrated. Recurrent weights are stored as int8.
/// </summary>
public static class BlockwiseWeights
{
    private const string Domain = "com.microsoft";
    private const int LeastRows = 16;

    /// <summary>Rewrites a prepared model.</summary>
    /// <param name="prepared">The float model; it is not changed.</param>
    /// <param name="bits">4 or 8.</param>
    /// <param name="blockSize">Weights with one scale: 16, 32, 64, 128 or 256.</param>
    /// <exception cref="QuantizationException">The model has no such weight, or a weight is not finite.</exception>
    public static QuantizedModel Run(PreparedModel prepared, int bits, int blockSize = 32)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        if (bits is not (4 or 8) || blockSize is not (16 or 32 or 64 or 128 or 256))
        {
            throw new QuantizationException($"{bits} bits in blocks of {blockSize}: use 4 or 8 bits, and blocks of 16, 32, 64, 128 or 256");
        }
        OnnxModel result = prepared.Model.Copy();
        OnnxGraph graph = result.Graph;
        var done = new List<string>();
        foreach (Node node in graph.Nodes.ToArray())
        {
            string what = node.Describe();
            if (Product(node, bits, blockSize) || RecurrentWeights.Store(node))
            {
                done.Add(what);
            }
        }
        int tables = WeightTable.Run(graph);
        if (done.Count + tables == 0)
        {
            throw new QuantizationException("no matrix product, recurrent layer or table with constant weights of some size; quantize the model with --scheme static");
        }
        result.Opsets[Domain] = 1;
        new RemoveDeadCode().Run(result);
        ModelVerifier.ThrowIfInvalid(result, "quantized model");
        return new QuantizedModel(result, [.. done, .. Enumerable.Repeat("an embedding table", tables)], [], new Dictionary<string, TensorRange>());
    }

    /// <summary>Rounds a matrix of K rows and N columns in blocks along the rows.</summary>
    /// <param name="values">[K, N], by rows.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="bits">4 or 8.</param>
    /// <param name="blockSize">Rows with one scale.</param>
    /// <returns>[N, blocks, blockSize · bits / 8], where 8 or 128 stands for zero, and [N, blocks] scales.</returns>
    internal static (byte[] Packed, float[] Scales) Pack(ReadOnlySpan<float> values, int rows, int columns, int bits, int blockSize)
    {
        int blocks = (rows + blockSize - 1) / blockSize;
        int middle = 1 << (bits - 1);
        byte[] packed = new byte[columns * blocks * blockSize * bits / 8];
        float[] scales = new float[columns * blocks];
        for (int column = 0; column < columns; column++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int end = Math.Min(rows, (block + 1) * blockSize);
                // The extreme takes the longer, negative side of the range.
                float extreme = 0;
                for (int row = block * blockSize; row < end; row++)
                {
                    float value = values[(row * columns) + column];
                    extreme = Math.Abs(value) > Math.Abs(extreme) ? value : extreme;
                }
                float scale = extreme == 0 ? 1 : -extreme / middle;
                scales[(column * blocks) + block] = scale;
                int start = ((column * blocks) + block) * blockSize * bits / 8;
                for (int index = 0; index < blockSize; index++)
                {
                    int row = (block * blockSize) + index;
                    int whole = row < end ? Math.Clamp((int)MathF.Round(values[(row * columns) + column] / scale) + middle, 0, (2 * middle) - 1) : middle;
                    packed[start + (index * bits / 8)] |= (byte)(bits == 8 ? whole : whole << (index % 2 * 4));
                }
            }
        }
        return (packed, scales);
    }

    private static bool Product(Node node, int bits, int blockSize)
    {
        bool isGemm = node.Is("Gemm") && node.Attributes.GetFloat("alpha", 1) == 1 && node.Attributes.GetFloat("beta", 1) == 1 && node.Attributes.GetInt("transA", 0) == 0;
        if (!(isGemm || node.Is("MatMul")) || node.Input(1) is not { IsConstant: true, Constant: { Type: ElementType.Float, Dims.Length: 2 } weight } value || node.Input(0) is not { IsConstant: false })
        {
            return false;
        }
        bool isTransposed = isGemm && node.Attributes.GetInt("transB", 0) != 0;
        (int rows, int columns) = isTransposed ? ((int)weight.Dims[1], (int)weight.Dims[0]) : ((int)weight.Dims[0], (int)weight.Dims[1]);
        if (rows < LeastRows)
        {
            return false;
        }
        float[] data = weight.ToArray<float>();
        Finite(data, value.Name);
        if (isTransposed)
        {
            float[] turned = new float[data.Length];
            for (int place = 0; place < data.Length; place++)
            {
                turned[(place % rows * columns) + (place / rows)] = data[place];
            }
            data = turned;
        }
        (byte[] packed, float[] scales) = Pack(data, rows, columns, bits, blockSize);
        OnnxGraph graph = node.Graph;
        int blocks = (rows + blockSize - 1) / blockSize;
        Value whole = graph.AddInitializer(graph.FreshName(value.Name + "_quantized"), new OnnxTensor(ElementType.UInt8, [columns, blocks, blockSize * bits / 8], packed));
        Value steps = graph.AddInitializer(graph.FreshName(value.Name + "_scale"), OnnxTensor.From<float>(scales, columns * blocks));
        Node product = WeightTable.Add(graph, "MatMulNBits", [node.Inputs[0], whole, steps], node, Domain);
        product.Attributes.Set("K", rows);
        product.Attributes.Set("N", columns);
        product.Attributes.Set("bits", bits);
        product.Attributes.Set("block_size", blockSize);
        Value result = product.Outputs[0]!;
        if (isGemm && node.Input(2) is { } bias)
        {
            result = WeightTable.Add(graph, "Add", [result, bias], node).Outputs[0]!;
        }
        WeightTable.Replace(node, result);
        return true;
    }

    private static void Finite(ReadOnlySpan<float> data, string name)
    {
        foreach (float value in data)
        {
            if (!float.IsFinite(value))
            {
                throw new QuantizationException($"weight '{name}' holds {value}; train or export the model again");
            }
        }
    }
}
