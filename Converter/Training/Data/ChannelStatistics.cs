using Edge.Packages;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>
/// Mean and standard deviation of every channel of a data set's first input, after scaling. To be computed on the training part
/// only, and to be kept with the model: <c>normalised = (value · scale − mean) ÷ std</c>.
/// </summary>
/// <param name="Scale">What values are multiplied by first; 1/255 for pictures, 1 otherwise.</param>
/// <param name="Mean">One a channel.</param>
/// <param name="Std">One a channel, positive; 1 for a channel that never changes.</param>
public sealed record ChannelStatistics(float Scale, IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    /// <summary>Reads a data set once, without augmentation.</summary>
    /// <param name="training">The training part.</param>
    /// <param name="scale">What values are multiplied by first.</param>
    /// <param name="maximumSamples">Reads that many, evenly spread, of a larger set.</param>
    /// <exception cref="DataException">The first input is not float32.</exception>
    public static ChannelStatistics Compute(Dataset training, float scale = 1, int maximumSamples = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumSamples);
        Field input = training.Inputs[0];
        if (input.Type != DataType.Float32)
        {
            throw new DataException($"{training.Name}: {input} has no mean; only float32 inputs do");
        }
        Dataset plain = training.WithoutAugmentation();
        var buffer = new SampleBuffer(plain);
        int inner = 1;
        for (int axis = input.Shape.Length - 1; axis > (input.ChannelAxis ?? -1); axis--)
        {
            inner *= input.Shape[axis];
        }
        int channels = input.Channels;
        var mean = new double[channels];
        var squares = new double[channels];
        var seen = new long[channels];
        int samples = Math.Min(plain.Count, maximumSamples);
        for (int s = 0; s < samples; s++)
        {
            buffer.Read((int)((long)s * plain.Count / samples));
            ReadOnlySpan<float> values = buffer.Input<float>();
            for (int start = 0, c = 0; start < values.Length; start += inner)
            {
                Merge(values.Slice(start, inner), ref mean[c], ref squares[c], ref seen[c]);
                c = c + 1 == channels ? 0 : c + 1;
            }
        }
        var means = new float[channels];
        var stds = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double std = seen[c] == 0 ? 0 : Math.Sqrt(squares[c] / seen[c]) * scale;
            means[c] = (float)(mean[c] * scale);
            // Rounding leaves a trace of change in a channel that has none.
            stds[c] = std > 1e-6 * Math.Abs(mean[c] * scale) && std > 1e-12 ? (float)std : 1;
        }
        return new ChannelStatistics(scale, means, stds);
    }

    /// <summary>What <see cref="Dataset.Prepare"/> and the device apply.</summary>
    public Normalization ToNormalization() => new(Scale, Mean, Std);

    /// <summary>Adds a run of values to a channel's figures (Chan, Golub and LeVeque 1979).</summary>
    private static void Merge(ReadOnlySpan<float> values, ref double mean, ref double squares, ref long count)
    {
        double sum = 0;
        long known = 0;
        foreach (float value in values)
        {
            // What is missing says nothing.
            (sum, known) = float.IsNaN(value) ? (sum, known) : (sum + value, known + 1);
        }
        if (known == 0)
        {
            return;
        }
        double own = sum / known;
        double ownSquares = 0;
        foreach (float value in values)
        {
            ownSquares += float.IsNaN(value) ? 0 : (value - own) * (value - own);
        }
        double delta = own - mean;
        long total = count + known;
        squares += ownSquares + (delta * delta * count * known / total);
        mean += delta * known / total;
        count = total;
    }
}
