using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// The anomaly detector of MLPerf Tiny: four normalised and rectified layers of 128 units, 8 units, four layers of 128, and the
/// input again. For 640 values 269,992 numbers, running statistics included. What it was not trained with it rebuilds badly.
/// </summary>
public static class DenseAutoencoder
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, …], output <c>reconstruction</c> of the same shape.</summary>
    /// <param name="options">Shape of a sample, hidden units (128 unless told), layers on each side (4), latent values (8), seed.</param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Values > 1 << 20)
        {
            throw new ZooException($"dense-autoencoder takes at most {1 << 20} values, not {options.Values}: use conv-autoencoder or smaller images");
        }
        int values = (int)options.Values, hidden = options.Hidden ?? 128, layers = options.Layers ?? 4;
        var net = new NetBuilder("dense-autoencoder", options.Seed);
        int[] shape = [.. options.Shape ?? [options.Channels, options.Height, options.Width]];
        Value x = net.Input(options);
        x = shape.Length == 1 ? x : net.Flatten(x, "flatten");
        int width = values;
        for (int i = 1; i <= (2 * layers) + 1; i++)
        {
            int next = i == layers + 1 ? options.Latent ?? 8 : hidden;
            string name = i <= layers ? $"encoder{i}" : i == layers + 1 ? "latent" : $"decoder{i - layers - 1}";
            x = net.Norm(net.DenseHe(x, name, width, next), $"{name}/norm", next, 1e-3f, 0.99f);
            x = net.Relu(x, $"{name}/relu");
            width = next;
        }
        x = net.DenseLinear(x, "output", width, values);
        x = shape.Length == 1 ? x : net.Reshape(x, "unflatten", [-1, .. Array.ConvertAll(shape, size => (long)size)]);
        return net.Finish(x, "reconstruction", shape);
    }
}
