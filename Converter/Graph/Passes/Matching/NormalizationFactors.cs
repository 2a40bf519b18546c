namespace Edge.Graph.Passes.Matching;

/// <summary>A BatchNormalization at inference as <c>scale · x + shift</c> by channel.</summary>
internal readonly record struct NormalizationFactors(double[] Scale, double[] Shift)
{
    /// <summary>The factors, or null: statistics not constant, of several types, or asked for as outputs.</summary>
    internal static NormalizationFactors? Of(Node norm)
    {
        bool trains = norm.Attributes.GetInt("training_mode", 0) != 0 || norm.Attributes.GetInt("spatial", 1) == 0;
        if (trains || !norm.OnlyFirstOutputIsRead() || norm.Input(1).Reals() is not { } gamma || norm.Input(2).Reals() is not { } beta
            || norm.Input(3).Reals() is not { } mean || norm.Input(4).Reals() is not { } variance
            || gamma.Length == 0 || beta.Length != gamma.Length || mean.Length != gamma.Length || variance.Length != gamma.Length)
        {
            return null;
        }
        double epsilon = norm.Attributes.GetFloat("epsilon", 1e-5f);
        double[] scale = new double[gamma.Length];
        double[] shift = new double[gamma.Length];
        for (int channel = 0; channel < scale.Length; channel++)
        {
            scale[channel] = gamma[channel] / Math.Sqrt(variance[channel] + epsilon);
            shift[channel] = beta[channel] - (mean[channel] * scale[channel]);
        }
        return Array.TrueForAll(scale, double.IsFinite) && Array.TrueForAll(shift, double.IsFinite) ? new NormalizationFactors(scale, shift) : null;
    }
}
