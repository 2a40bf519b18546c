using Edge.Graph;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>Pixels as the model takes them, with the arithmetic of the device.</summary>
internal static class InputTensors
{
    /// <summary>Normalises pictures that have the model's size already.</summary>
    /// <param name="spec">What the model expects.</param>
    /// <param name="pixels">Pictures one behind the other, each [C,H,W], 0–255.</param>
    /// <param name="count">How many.</param>
    /// <returns>A tensor in the model's layout and element type, with the batch in front.</returns>
    internal static OnnxTensor FromPixels(InputSpec spec, ReadOnlySpan<byte> pixels, int count)
    {
        int plane = spec.Height * spec.Width;
        bool isNchw = spec.Layout == TensorLayout.Nchw;
        long[] dims = isNchw ? [count, spec.Channels, spec.Height, spec.Width] : [count, spec.Height, spec.Width, spec.Channels];
        var ordered = new byte[pixels.Length];
        for (int image = 0; image < count; image++)
        {
            for (int channel = 0; channel < spec.Channels; channel++)
            {
                ReadOnlySpan<byte> from = pixels.Slice(((image * spec.Channels) + channel) * plane, plane);
                int start = image * spec.Channels * plane;
                for (int index = 0; index < plane; index++)
                {
                    ordered[start + (isNchw ? (channel * plane) + index : (index * spec.Channels) + channel)] = from[index];
                }
            }
        }
        byte[] levels = InputLevels.Of(spec);
        int size = InputLevels.ElementSize(spec.Dtype);
        byte[] elements = new byte[ordered.Length * size];
        for (int index = 0; index < ordered.Length; index++)
        {
            int channel = isNchw ? index / plane % spec.Channels : index % spec.Channels;
            levels.AsSpan(((channel * InputLevels.Count) + ordered[index]) * size, size).CopyTo(elements.AsSpan(index * size));
        }
        return new OnnxTensor(TypeOf(spec.Dtype), dims, elements);
    }

    private static ElementType TypeOf(InputType type) => type switch
    {
        InputType.UInt8 => ElementType.UInt8,
        InputType.Int8 => ElementType.Int8,
        InputType.Float16 => ElementType.Float16,
        _ => ElementType.Float,
    };
}
