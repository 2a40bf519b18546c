namespace Edge.Zoo;

/// <summary>What a convolution has beside its size. The default: a bias, stride 1, no padding, one group.</summary>
/// <param name="Strides">One a dimension; null is 1.</param>
/// <param name="Pads">Begins, then ends; null is none.</param>
/// <param name="Groups">Groups of channels; 0 or 1 is one.</param>
/// <param name="Dilation">Distance of the kernel's elements; 0 or 1 is none between them.</param>
/// <param name="NoBias">Leaves the bias out, because a normalisation follows.</param>
/// <param name="Bias">What the bias begins with.</param>
/// <param name="Biases">The same, a number for each output; null takes <paramref name="Bias"/> for all.</param>
/// <param name="Gain">What initial weights are multiplied by; 0 stands for 1.</param>
internal readonly record struct ConvSettings(int[]? Strides = null, int[]? Pads = null, int Groups = 1, int Dilation = 1, bool NoBias = false, float Bias = 0, float[]? Biases = null, double Gain = 0)
{
    public bool HasBias => !NoBias;
}
