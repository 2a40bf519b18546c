using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// A classifier of sensor windows: residual blocks of causal convolutions, each looking twice as far back as the one before
/// (Bai, Kolter and Koltun 2018); what the last row has gone into decides.
/// </summary>
public static class TcnSensor
{
    private const int Kernel = 3;

    /// <summary>Builds it: input <c>input</c> float32 [batch, rows, columns], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">
    /// Shape [rows, columns], hidden channels (32 unless told), layers (as many blocks as it takes to see the whole window, at
    /// most 8, unless told), dropout in each block, classes, seed.
    /// </param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (int rows, int width) = options.Window("tcn-sensor");
        int hidden = options.Hidden ?? 32;
        int blocks = options.Layers ?? Blocks(rows);
        if (blocks > 16)
        {
            throw new ZooException($"tcn-sensor has at most 16 blocks, not {blocks}: 16 see {(2 * (Kernel - 1) * ((1 << 16) - 1)) + 1} rows");
        }
        var net = new NetBuilder("tcn-sensor", options.Seed);
        Value x = net.Transpose(net.Input(options), "columns-first", 0, 2, 1);
        for (int block = 1; block <= blocks; block++)
        {
            int dilation = 1 << (block - 1);
            Value y = Causal(x, $"block{block}/a", width, dilation);
            y = Causal(y, $"block{block}/b", hidden, dilation);
            x = width == hidden ? x : net.Conv(x, $"block{block}/shortcut", width, hidden, [1]);
            x = net.Relu(net.Apply("Add", $"block{block}/add", x, y), $"block{block}/relu");
            width = hidden;
        }
        Node last = net.Node("Gather", "last-row", x, net.Constant("last", OnnxTensor.Scalar((long)rows - 1)));
        last.Attributes.Set("axis", 2L);
        return net.Finish(net.DenseLinear(last.Outputs[0]!, "dense", hidden, options.Classes), "logits", options.Classes);

        // Padded in front only: a row never sees a later one.
        Value Causal(Value from, string name, int inputs, int dilation)
        {
            Value to = net.Conv(from, name, inputs, hidden, [Kernel], new ConvSettings(Pads: [(Kernel - 1) * dilation, 0], Dilation: dilation));
            return net.Dropout(net.Relu(to, $"{name}/relu"), $"{name}/dropout", options.Dropout ?? 0);
        }
    }

    /// <summary>Blocks until a row sees this many rows.</summary>
    private static int Blocks(int rows)
    {
        int blocks = 1;
        while (blocks < 8 && (2 * (Kernel - 1) * ((1 << blocks) - 1)) + 1 < rows)
        {
            blocks++;
        }
        return blocks;
    }
}
