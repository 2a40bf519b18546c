using System.Text;
using Edge.Cli.Training;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Serialization;
using Edge.Inference.Text;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>Packs a model: manifest, labels, a golden input with its output, and the weights cut so that updates share them.</summary>
internal static class Packager
{
    private const string GoldenInput = "golden/0.input";
    private const string GoldenOutput = "golden/0.output";

    /// <summary>Packs a model of pictures.</summary>
    internal static PackageResult Write(OnnxModel model, string source, ModelCard card, PackageRequest request)
    {
        ModelVerifier.ThrowIfInvalid(model, source);
        CheckLabels(model, card.Output, card.Labels, source);
        var manifest = new Manifest
        {
            Name = request.Name,
            Version = request.Version,
            Release = request.Release,
            Task = card.Task,
            Input = card.Input,
            Output = card.Output,
            Training = card.Training,
            Quantization = card.Quantization,
            Reference = request.ReferencePath is { } results ? ReferenceResults.Count(results, Classes(model, card, source)) : null,
        };
        return Write(model, source, manifest, card.Labels, Noise(card.Input), [], request);
    }

    /// <summary>Packs a model of readings or texts.</summary>
    internal static PackageResult Write(OnnxModel model, string source, SignalCard card, PackageRequest request)
    {
        ModelVerifier.ThrowIfInvalid(model, source);
        CheckLabels(model, card.Output, card.Labels, source);
        var manifest = new Manifest
        {
            Name = request.Name,
            Version = request.Version,
            Release = request.Release,
            Task = card.Task,
            Sensor = card.Sensor,
            Text = card.Text,
            Output = card.Output,
            Training = card.Training,
            Quantization = card.Quantization,
        };
        if (card.Text is null)
        {
            return Write(model, source, manifest, card.Labels, SignalNoise.Readings(card.Sensor!), [], request);
        }
        if (!model.Metadata.TryGetValue(Provenance.VocabularyEntry, out string? text))
        {
            throw new ModelFormatException($"{source}: has lost its metadata entry '{Provenance.VocabularyEntry}', without which no text can be read; train the model again");
        }
        byte[] vocabulary = Encoding.UTF8.GetBytes(text);
        OnnxTensor noise = SignalNoise.Tokens(card.Text, Vocabulary.Parse(vocabulary, source).Count);
        return Write(model, source, manifest, card.Labels, noise, [new PackageContent(PackagePath.Vocabulary, vocabulary)], request);
    }

    private static PackageResult Write(
        OnnxModel model, string source, Manifest manifest, IReadOnlyList<string> labels, OnnxTensor input, IReadOnlyList<PackageContent> more, PackageRequest request)
    {
        byte[] onnx = model.ToBytes();
        List<PackageContent> files = [PackageContent.Model(onnx, ModelLayout.TensorOffsets(onnx)), .. more];
        if (labels.Count > 0)
        {
            files.Add(PackageContent.Labels(labels));
        }
        OnnxTensor output = Golden(model, input, manifest.Input?.Tensor ?? manifest.Sensor?.Tensor ?? manifest.Text?.Tensor, source);
        files.Add(new PackageContent(GoldenInput, input.Bytes));
        files.Add(new PackageContent(GoldenOutput, output.Bytes));
        manifest = manifest with
        {
            Golden = new GoldenSpec
            {
                // Kernels differ from chip to chip: a rounding step of an 8-bit scale is no fault, a wrong class is.
                AbsoluteTolerance = Math.Max(1e-3f, 0.02f * LargestSize(output)),
                Cases = [new GoldenCase { Input = GoldenInput, Output = GoldenOutput }],
            },
        };
        string path = request.OutputPath ?? manifest.FileName();
        using SigningKey? key = request.KeyPath is null ? null : SigningKey.Load(request.KeyPath);
        Manifest written = PackageWriter.Write(path, manifest, files, key);
        return new PackageResult(path, new FileInfo(path).Length, written);
    }

    // Noise of a fixed seed: it needs no data set, and exercises every channel.
    private static OnnxTensor Noise(InputSpec spec)
    {
        byte[] pixels = new byte[spec.Channels * spec.Height * spec.Width];
        new Random(1).NextBytes(pixels);
        return InputTensors.FromPixels(spec, pixels, count: 1);
    }

    private static OnnxTensor Golden(OnnxModel model, OnnxTensor input, string? tensor, string source)
    {
        using var session = new EngineSession(model, new EngineOptions { Threads = 1 }, source);
        string name = tensor ?? session.InputNames[0];
        OnnxTensor output = session.Run(new Dictionary<string, OnnxTensor> { [name] = input })[0];
        return output.Type == ElementType.Float
            ? output
            : throw new ModelFormatException($"{source}: its first output holds {output.Type.Text()}; a package needs a model that gives float32");
    }

    private static int Classes(OnnxModel model, ModelCard card, string source)
    {
        if (card.Labels.Count > 0)
        {
            return card.Labels.Count;
        }
        return card.Output.Family == OutputSpec.Classifier && model.Graph.Outputs[0].Shape is { Rank: > 1 } shape && shape[shape.Rank - 1].Size is { } classes
            ? (int)classes
            : throw new ModelFormatException($"{source}: how many classes it tells apart is not known; give labels");
    }

    private static float LargestSize(OnnxTensor tensor)
    {
        float largest = 0;
        foreach (float value in tensor.AsSpan<float>())
        {
            largest = Math.Max(largest, Math.Abs(value));
        }
        return float.IsFinite(largest) ? largest : 0;
    }

    private static void CheckLabels(OnnxModel model, OutputSpec output, IReadOnlyList<string> labels, string source)
    {
        if (output.Family == OutputSpec.Classifier && labels.Count > 0
            && model.Graph.Outputs[0].Shape is { Rank: > 1 } shape && shape[shape.Rank - 1].Size is { } classes && classes != labels.Count)
        {
            throw new ModelFormatException($"{source}: gives {classes} classes, but there are {labels.Count} labels; give one a class");
        }
    }
}
