using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Samples;
using Edge.Graph;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Training.Data;

namespace Edge.Cli.Quantization;

/// <summary>Samples to calibrate with: read anew for each pass, so that they never all lie in memory.</summary>
/// <param name="Name">What reports call them.</param>
/// <param name="Count">How many.</param>
/// <param name="Batches">Inputs by name.</param>
internal sealed record CalibrationSource(string Name, int Count, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Batches)
{
    private const int BatchSize = 32;
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    /// <summary>The first samples, each for itself.</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> First(int count) =>
        [.. Batches.SelectMany(batch => Single(batch)).Take(count)];

    /// <summary>The pictures that a path names: a file, those of a folder, or those of an annotation file.</summary>
    /// <exception cref="Foundation.InputException">The annotations are damaged.</exception>
    internal static IReadOnlyList<string> Pictures(string path)
    {
        if (File.Exists(path))
        {
            return Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? [path]
                : Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? [.. DetectionDataset.Load(path).Images.Select(image => image.Path)]
                : [];
        }
        return !Directory.Exists(path) ? []
            : [.. Directory.EnumerateFiles(path).Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Pictures, brought to the model's input as the device does it.</summary>
    internal static CalibrationSource OfPictures(string name, IReadOnlyList<string> pictures, OnnxModel model, ModelCard card)
    {
        Value input = model.Graph.Inputs.First(value => value.Constant is null);
        return new CalibrationSource(name, pictures.Count, Read());

        IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Read()
        {
            using var decoder = new ImageDecoder();
            using var pixels = new PixelBuffer();
            var preprocessor = new Preprocessor(card.Input);
            foreach (string picture in pictures)
            {
                decoder.Decode(File.ReadAllBytes(picture), pixels, preprocessor.DecodeOptions, picture);
                byte[] tensor = new byte[preprocessor.ByteLength];
                preprocessor.Run(pixels.View, tensor);
                InputSpec spec = card.Input;
                long[] dims = spec.Layout == TensorLayout.Nchw ? [1, spec.Channels, spec.Height, spec.Width] : [1, spec.Height, spec.Width, spec.Channels];
                yield return new Dictionary<string, OnnxTensor> { [spec.Tensor ?? input.Name] = new OnnxTensor(input.ElementType ?? ElementType.Float, dims, tensor) };
            }
        }
    }

    /// <summary>Samples of a data set.</summary>
    internal static CalibrationSource OfData(JudgedModel model, ModelCard? card, Dataset data, int count)
    {
        SampleFeed feed = SampleFeed.Of(model, card, data);
        // Files are often sorted by class: samples are drawn from all over.
        int[] indices = JudgedData.Choose(data, count, seed: 1).Indices;
        int size = feed.FixedBatch ?? BatchSize;
        return new CalibrationSource(data.Name, indices.Length, Read());

        IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Read()
        {
            for (int start = 0; start < indices.Length; start += size)
            {
                int taken = Math.Min(size, indices.Length - start);
                int[] batch = [.. indices.AsSpan(start, taken), .. Enumerable.Repeat(indices[start], feed.FixedBatch is null ? 0 : size - taken)];
                yield return feed.Batch(batch, []);
            }
        }
    }

    /// <summary>Tensors in files.</summary>
    internal static CalibrationSource OfTensors(string path, OnnxModel model, string source)
    {
        SampleSet set = SampleSet.Of(model, source, [path], null, null, null);
        return new CalibrationSource(path, set.Count, set.Read());
    }

    // Latency and ranking take one sample at a time; a model of a fixed batch keeps its own.
    private static IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Single(IReadOnlyDictionary<string, OnnxTensor> batch)
    {
        long count = batch.Values.Min(tensor => tensor.Dims.Length == 0 ? 1 : tensor.Dims[0]);
        if (count <= 1 || batch.Values.Any(tensor => tensor.Dims.Length == 0 || tensor.Dims[0] != count))
        {
            yield return batch;
            yield break;
        }
        for (int index = 0; index < count; index++)
        {
            yield return batch.ToDictionary(pair => pair.Key, pair =>
            {
                int bytes = (int)(pair.Value.Bytes.Length / count);
                return new OnnxTensor(pair.Value.Type, [1, .. pair.Value.Dims[1..]], pair.Value.Bytes.Slice(index * bytes, bytes));
            });
        }
    }
}
