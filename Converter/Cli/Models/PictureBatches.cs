using Edge.Graph;
using Edge.Packages;
using Edge.Training.Data;

namespace Edge.Cli.Models;

/// <summary>Pictures of a data set as inputs of a model.</summary>
internal static class PictureBatches
{
    private const int PreferredSize = 100;

    /// <summary>Cuts a data set into inputs, in order; the last may be smaller where the model's batch is free.</summary>
    /// <param name="model">The model that takes them.</param>
    /// <param name="card">What it expects.</param>
    /// <param name="data">The data set; its pictures must have the model's size.</param>
    /// <param name="count">How many pictures, from the first on.</param>
    /// <exception cref="DataException">The pictures do not fit the model.</exception>
    internal static IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Of(OnnxModel model, ModelCard card, ImageDataset data, int count)
    {
        InputSpec spec = card.Input;
        if (data.Channels != spec.Channels || data.Height != spec.Height || data.Width != spec.Width)
        {
            throw new DataException($"{data.Name} holds pictures of {data.Width}×{data.Height} with {data.Channels} channels, the model takes {spec.Width}×{spec.Height} with {spec.Channels}; use the data it was made for");
        }
        Value input = model.Graph.Inputs.First(value => value.Constant is null);
        int size = input.Shape is { Rank: > 0 } shape && shape[0].Size is { } batch ? (int)batch : PreferredSize;
        return Cut(spec, spec.Tensor ?? input.Name, data, Math.Min(count, data.Count), size, isFixed: input.Shape?[0].Size is not null);
    }

    private static IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Cut(InputSpec spec, string name, ImageDataset data, int count, int size, bool isFixed)
    {
        for (int start = 0; start < count; start += size)
        {
            int taken = Math.Min(size, count - start);
            // A model of a fixed batch gets its last one filled up with blanks, whose results nobody looks at.
            byte[] pixels = new byte[(isFixed ? size : taken) * data.ImageSize];
            for (int index = 0; index < taken; index++)
            {
                data.Image(start + index).CopyTo(pixels.AsSpan(index * data.ImageSize));
            }
            yield return new Dictionary<string, OnnxTensor> { [name] = InputTensors.FromPixels(spec, pixels, isFixed ? size : taken) };
        }
    }
}
