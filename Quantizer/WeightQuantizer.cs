using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Graph;

namespace Edge.Quantizer;

/// <summary>Weights to signed 8-bit whole numbers, with one scale a channel or one in all.</summary>
public static class WeightQuantizer
{
    private const int ClipCandidates = 25;
    private const float LeastShare = 0.5f;

    /// <summary>Quantizes a weight.</summary>
    /// <param name="weight">float32, of at least one axis.</param>
    /// <param name="axis">The axis whose slices have a scale each: that of the output channels.</param>
    /// <param name="steps">The largest quantized size: 127 for 8 bits, 63 for 7.</param>
    /// <param name="smallestScales">A lower bound for each slice's scale, or empty.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="perChannel">Whether each slice has its own scale; otherwise one scale is returned.</param>
    /// <param name="clip">Whether the largest weights may be clipped where that makes the squared error smaller.</param>
    /// <param name="given">Scales that were found elsewhere, one for each slice; null finds them.</param>
    /// <returns>The int8 tensor of the same shape, and the scales.</returns>
    /// <exception cref="QuantizationException">The weight holds NaN or infinity.</exception>
    public static (OnnxTensor Quantized, float[] Scales) Quantize(
        OnnxTensor weight, int axis, int steps, ReadOnlySpan<float> smallestScales, string name, bool perChannel = true, bool clip = false, float[]? given = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        float[] scales = given is null ? Scales(weight, axis, steps, name, clip) : [.. given];
        for (int channel = 0; channel < smallestScales.Length; channel++)
        {
            scales[channel] = Math.Max(scales[channel], smallestScales[channel]);
        }
        if (!perChannel)
        {
            scales = [scales.Max()];
        }
        ReadOnlySpan<float> values = weight.AsSpan<float>();
        int inner = Inner(weight, axis);
        var quantized = new sbyte[values.Length];
        for (int start = 0, slice = 0; start < values.Length; start += inner, slice++)
        {
            float scale = scales[perChannel ? slice % scales.Length : 0];
            for (int index = start; index < start + inner; index++)
            {
                quantized[index] = (sbyte)Math.Clamp(MathF.Round(values[index] / scale, MidpointRounding.ToEven), -steps, steps);
            }
        }
        return (new OnnxTensor(ElementType.Int8, weight.Dims, MemoryMarshal.AsBytes(quantized.AsSpan()).ToArray()), scales);
    }

    /// <summary>The scale of each channel.</summary>
    /// <param name="weight">float32.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="steps">The largest quantized size.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="clip">Whether the largest weights may be clipped.</param>
    /// <exception cref="QuantizationException">The weight holds NaN or infinity.</exception>
    public static float[] Scales(OnnxTensor weight, int axis, int steps, string name, bool clip)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ReadOnlySpan<float> values = weight.AsSpan<float>();
        int channels = (int)weight.Dims[axis];
        int inner = Inner(weight, axis);
        float[] largest = new float[channels];
        for (int start = 0, slice = 0; start < values.Length; start += inner, slice++)
        {
            ref float size = ref largest[slice % channels];
            size = Math.Max(size, Math.Abs(TensorPrimitives.MaxMagnitude(values.Slice(start, inner))));
        }
        foreach (float size in largest)
        {
            if (!float.IsFinite(size))
            {
                throw new QuantizationException($"weight '{name}' holds {size}; train or export the model again");
            }
        }
        float[] scales = Array.ConvertAll(largest, size => AffineParameters.Symmetric(size, steps).Scale);
        for (int channel = 0; clip && channel < channels; channel++)
        {
            scales[channel] = Clipped(values, channel, channels, inner, scales[channel], steps);
        }
        return scales;
    }

    private static float Clipped(ReadOnlySpan<float> values, int channel, int channels, int inner, float scale, int steps)
    {
        (float best, double least) = (scale, double.PositiveInfinity);
        for (int candidate = 0; candidate <= ClipCandidates; candidate++)
        {
            float tried = scale * (1 - ((1 - LeastShare) * candidate / ClipCandidates));
            double error = 0;
            for (int start = channel * inner; start < values.Length; start += channels * inner)
            {
                foreach (float value in values.Slice(start, inner))
                {
                    double off = value - (Math.Clamp(MathF.Round(value / tried), -steps, steps) * (double)tried);
                    error += off * off;
                }
            }
            if (error < least)
            {
                (best, least) = (tried, error);
            }
        }
        return best;
    }

    private static int Inner(OnnxTensor weight, int axis) => (int)weight.Dims[(axis + 1)..].Aggregate(1L, (product, dim) => product * dim);
}
