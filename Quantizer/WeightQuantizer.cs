using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Graph;

namespace Edge.Quantizer;

/// <summary>Weights to signed 8-bit whole numbers, one scale a channel.</summary>
public static class WeightQuantizer
{
    /// <summary>Quantizes a weight.</summary>
    /// <param name="weight">float32, of at least one axis.</param>
    /// <param name="axis">The axis whose slices have a scale each: that of the output channels.</param>
    /// <param name="steps">The largest quantized size: 127 for 8 bits, 63 for 7.</param>
    /// <param name="smallestScales">A lower bound for each slice's scale, or empty.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>The int8 tensor of the same shape, and a scale for each slice.</returns>
    /// <exception cref="QuantizationException">The weight holds NaN or infinity.</exception>
    public static (OnnxTensor Quantized, float[] Scales) Quantize(OnnxTensor weight, int axis, int steps, ReadOnlySpan<float> smallestScales, string name)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ReadOnlySpan<float> values = weight.AsSpan<float>();
        int channels = (int)weight.Dims[axis];
        int inner = (int)weight.Dims[(axis + 1)..].Aggregate(1L, (product, dim) => product * dim);
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
        for (int channel = 0; channel < smallestScales.Length; channel++)
        {
            scales[channel] = Math.Max(scales[channel], smallestScales[channel]);
        }
        var quantized = new sbyte[values.Length];
        for (int start = 0, slice = 0; start < values.Length; start += inner, slice++)
        {
            float scale = scales[slice % channels];
            for (int index = start; index < start + inner; index++)
            {
                quantized[index] = (sbyte)Math.Clamp(MathF.Round(values[index] / scale, MidpointRounding.ToEven), -steps, steps);
            }
        }
        return (new OnnxTensor(ElementType.Int8, weight.Dims, MemoryMarshal.AsBytes(quantized.AsSpan()).ToArray()), scales);
    }
}
