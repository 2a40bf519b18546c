using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Serialization;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>Packs a model: manifest, labels, a golden input with its output, and the weights cut so that updates share them.</summary>
internal static class Packager
{
    private const string GoldenInput = "golden/0.input";
    private const string GoldenOutput = "golden/0.output";

    internal static PackageResult Write(OnnxModel model, string source, ModelCard card, PackageRequest request)
    {
        ModelVerifier.ThrowIfInvalid(model, source);
        CheckLabels(model, card, source);
        byte[] onnx = model.ToBytes();
        List<PackageContent> files = [PackageContent.Model(onnx, ModelLayout.TensorOffsets(onnx))];
        if (card.Labels.Count > 0)
        {
            files.Add(PackageContent.Labels(card.Labels));
        }
        (OnnxTensor input, OnnxTensor output) = Golden(model, card, source);
        files.Add(new PackageContent(GoldenInput, input.Bytes));
        files.Add(new PackageContent(GoldenOutput, output.Bytes));
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
    private static (OnnxTensor Input, OnnxTensor Output) Golden(OnnxModel model, ModelCard card, string source)
    {
        InputSpec spec = card.Input;
        byte[] pixels = new byte[spec.Channels * spec.Height * spec.Width];
        new Random(1).NextBytes(pixels);
        OnnxTensor input = InputTensors.FromPixels(spec, pixels, count: 1);
        using var session = new EngineSession(model, new EngineOptions { Threads = 1 }, source);
        string name = spec.Tensor ?? session.InputNames[0];
        OnnxTensor output = session.Run(new Dictionary<string, OnnxTensor> { [name] = input })[0];
        return output.Type == ElementType.Float
            ? (input, output)
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

    private static void CheckLabels(OnnxModel model, ModelCard card, string source)
    {
        if (card.Output.Family == OutputSpec.Classifier && card.Labels.Count > 0
            && model.Graph.Outputs[0].Shape is { Rank: > 1 } shape && shape[shape.Rank - 1].Size is { } classes && classes != card.Labels.Count)
        {
            throw new ModelFormatException($"{source}: gives {classes} classes, but there are {card.Labels.Count} labels; give one a class");
        }
    }
}
