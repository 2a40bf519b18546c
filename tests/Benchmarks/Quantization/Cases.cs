using System.Globalization;
using Edge.Graph;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Quantizer.Schemes;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;
using Edge.Zoo;

namespace Edge.Benchmarks.Quantization;

/// <summary>What is measured.</summary>
internal static class Cases
{
    private const int FashionTrain = 12_000;
    private const int FashionTest = 10_000;
    private const int FashionCalibration = 2_048;

    /// <summary>Models and photos that stand beside the checkout.</summary>
    internal static IEnumerable<(string Name, Func<QuantizedCase> Make)> Shared(string shared)
    {
        string models = Path.Combine(shared, "models");
        string[] calib = [.. Directory.GetFiles(Path.Combine(shared, "images", "coco-calib"), "*.jpg").Order(StringComparer.Ordinal)];
        var tuning = new Lazy<DetectionDataset>(() => DetectionDataset.Load(Path.Combine(shared, "images", "coco-calib", "instances.json")));
        var judging = new Lazy<DetectionDataset>(() => DetectionDataset.Load(Path.Combine(shared, "images", "coco-eval", "instances.json")));
        string[] faces = [.. calib.Concat(Directory.GetFiles(Path.Combine(shared, "images", "coco-eval"), "*.jpg")).Concat(Directory.GetFiles(Path.Combine(shared, "images", "darknet"), "*.jpg")).Order(StringComparer.Ordinal)];

        yield return ("yolox-nano", () => Coco("yolox-nano", Path.Combine(models, "yolox-nano", "yolox_nano_416x416.onnx"), OutputSpec.YoloX, new InputSpec
        {
            Width = 416,
            Height = 416,
            Channels = 3,
            ColorOrder = ColorOrder.Bgr,
            Scale = 1,
            Resize = ResizeMode.Letterbox,
            PaddingPlace = PaddingPlace.TopLeft,
            PaddingValue = 114,
        }));
        yield return ("fastestdet", () => Coco("fastestdet", Path.Combine(models, "fastestdet", "FastestDet.onnx"), OutputSpec.FastestDet, new InputSpec { Width = 352, Height = 352, Channels = 3, ColorOrder = ColorOrder.Bgr }));
        yield return ("ultraface", () => Faces("ultraface", Path.Combine(models, "ultraface", "version-RFB-320_simplified.onnx"), OutputSpec.UltraFace, 0.5f, new InputSpec
        {
            Width = 320,
            Height = 240,
            Channels = 3,
            Scale = 1 / 128f,
            Mean = [127 / 128f, 127 / 128f, 127 / 128f],
        }));
        yield return ("yunet", () => Faces("yunet", Path.Combine(models, "yunet", "yunet_n_320_320.onnx"), OutputSpec.YuNet, 0.5f, new InputSpec
        {
            Width = 320,
            Height = 320,
            Channels = 3,
            ColorOrder = ColorOrder.Bgr,
            Scale = 1,
            Resize = ResizeMode.Letterbox,
            PaddingPlace = PaddingPlace.TopLeft,
        }));
        yield return ("kws-dscnn", () =>
        {
            OnnxModel model = OnnxModel.Load(Path.Combine(models, "mlperf-tiny", "kws_ref_model.dequantized.onnx"));
            Classifier all = Clips(Path.Combine(shared, "data", "mlperf-tiny-kws01"));
            Classifier calibration = all.Part(index => index % 5 == 0);
            Classifier judging = all.Part(index => index % 5 != 0);
            return new QuantizedCase("kws-dscnn", model, calibration.Batches(1, int.MaxValue), "accuracy", judged => judging.Accuracy(judged, 1))
            {
                Rounds = true,
                SampleCount = judging.Classes.Length,
                Against = "calibrated and rounded with every fifth of 300 clips, judged by the other 240",
            };
        }
        );

        QuantizedCase Coco(string name, string path, string family, InputSpec input)
        {
            OnnxModel model = OnnxModel.Load(path);
            var detector = new Detector(input, family, 0.3f, judging.Value.ClassNames);
            return new QuantizedCase(name, model, detector.Inputs(model.Graph.Inputs[0].Name, calib), "AP", judged => detector.AveragePrecision(judged, judging.Value))
            {
                Search = judged => detector.AveragePrecision(judged, tuning.Value),
                SampleCount = judging.Value.Images.Count,
                SearchSamples = tuning.Value.Images.Count,
                Rounds = true,
                Against = "calibrated, rounded and layers chosen with 28 photos of train2017, judged by 11 of val2017",
            };
        }

        QuantizedCase Faces(string name, string path, string family, float threshold, InputSpec input)
        {
            OnnxModel model = OnnxModel.Load(path);
            var detector = new Detector(input, family, threshold, ["face"]);
            IReadOnlyList<Inference.Detection[]> expected = detector.Boxes(model, faces);
            IReadOnlyList<Inference.Detection[]> known = detector.Boxes(model, calib);
            return new QuantizedCase(name, model, detector.Inputs(model.Graph.Inputs[0].Name, calib), "boxes matched", judged => Detector.Matched(expected, detector.Boxes(judged, faces)))
            {
                Search = judged => Detector.Matched(known, detector.Boxes(judged, calib)),
                SearchSamples = known.Sum(boxes => boxes.Length),
                MaxDrop = 0.02,
                Rounds = true,
                SampleCount = expected.Sum(boxes => boxes.Length),
                Against = "calibrated, rounded and layers chosen with 28 photos, judged by the float model's boxes on those and 16 more",
            };
        }
    }

    /// <summary>Models that are made here.</summary>
    internal static IEnumerable<(string Name, Func<ModelFigures> Run)> Own()
    {
        var data = new Lazy<DatasetPair>(() => DatasetCatalog.Load(DatasetCatalog.FashionMnist));
        var convnet = new Lazy<OnnxModel>(() => Trained(ZooCatalog.Find("convnet"), data.Value, 3));
        var mobilenet = new Lazy<OnnxModel>(() => Trained(MobileNet, data.Value, 3));
        yield return ("fashion-convnet", () => Fashion("fashion-convnet", convnet.Value, data.Value).Run(out _));
        yield return ("fashion-convnet-qat", () => (Fashion("fashion-convnet-qat", convnet.Value, data.Value) with { QatEpochs = 3, Speed = false }).Run(out _));
        yield return ("fashion-mobilenet", () => Fashion("fashion-mobilenet", mobilenet.Value, data.Value).Run(out _));
        yield return ("fashion-mobilenet-qat", () => (Fashion("fashion-mobilenet-qat", mobilenet.Value, data.Value) with { QatEpochs = 3, Speed = false }).Run(out _));
        yield return ("fashion-broken", () => (Fashion("fashion-broken", Broken(mobilenet.Value), data.Value) with { Speed = false }).Run(out _));
        yield return ("fashion-repaired", () => (Fashion("fashion-repaired", Broken(mobilenet.Value), data.Value) with { Speed = false, Equalize = true }).Run(out _));
        foreach ((string name, Func<PreparedModel, QuantizedModel> scheme) in new (string, Func<PreparedModel, QuantizedModel>)[]
        {
            ("text-dynamic", DynamicQuantizer.Run), ("text-int4", prepared => BlockwiseWeights.Run(prepared, 4)), ("text-int8", prepared => BlockwiseWeights.Run(prepared, 8)),
        })
        {
            yield return (name, () => TextCase.Run(name, scheme));
        }
        foreach (string name in new[] { "resnet8", "vww", "mobilenet-v2" })
        {
            yield return (name, () => Untrained(name).Run(out _));
        }
        yield return ("plain-convolutions", () => Plain().Run(out _));
    }

    // Depthwise and pointwise convolutions on 28 × 28 pixels.
    private static ZooEntry MobileNet => new("mobilenet", ZooKind.Image, "a small MobileNet", new ZooOptions { Height = 28, Width = 28, Multiplier = 0.5 }, options => DsCnn.Build(options));

    // The same function with channels up to a hundred times larger or smaller between a layer and the next.
    private static OnnxModel Broken(OnnxModel model)
    {
        OnnxModel broken = PreparedModel.Of(model).Model;
        var random = new Random(5);
        foreach (Node node in broken.Graph.Nodes)
        {
            if (node.Is("Conv") && node.Outputs[0]!.Uses is { Count: 1 } uses && uses.First().Node is { } relu && relu.Is("Relu")
                && relu.Outputs[0]!.Uses is { Count: 1 } readers && readers.First().Node is { } next && next.Is("Conv"))
            {
                bool isDepthwise = next.Attributes.GetInt("group", 1) > 1;
                int channels = (int)node.Inputs[1]!.Constant!.Dims[0];
                float[] factors = [.. Enumerable.Range(0, channels).Select(_ => MathF.Pow(100, random.NextSingle()))];
                Scale(node.Inputs[1]!, (place, length) => factors[place / (length / channels)]);
                if (node.Input(2) is { } bias)
                {
                    Scale(bias, (place, _) => factors[place]);
                }
                long[] dims = next.Inputs[1]!.Constant!.Dims;
                int inner = (int)(dims[2] * dims[3]);
                Scale(next.Inputs[1]!, (place, _) => 1 / factors[isDepthwise ? place / inner : place / inner % channels]);
            }
        }
        return broken;
    }

    private static void Scale(Value value, Func<int, int, float> factor)
    {
        float[] data = value.Constant!.ToArray<float>();
        value.Graph.SetConstant(value, OnnxTensor.From<float>([.. data.Select((number, place) => number * factor(place, data.Length))], value.Constant.Dims));
    }

    private static QuantizedCase Fashion(string name, OnnxModel model, DatasetPair data)
    {
        Classifier test = Pictures(model, data.Test, FashionTest);
        Classifier train = Pictures(model, data.Train, FashionCalibration);
        return new QuantizedCase(name, model, train.Batches(32, FashionCalibration), "accuracy", judged => test.Accuracy(judged, 100)) { SampleCount = test.Classes.Length, Against = "calibrated with 2,048 pictures of the training part, judged by the test part" };
    }

    private static Classifier Pictures(OnnxModel model, ImageDataset data, int count)
    {
        count = Math.Min(count, data.Count);
        float[] values = new float[count * data.ImageSize];
        for (int index = 0; index < count; index++)
        {
            ReadOnlySpan<byte> image = data.Image(index);
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                values[(index * image.Length) + pixel] = image[pixel] / 255f;
            }
        }
        return new Classifier(model.Graph.Inputs[0].Name, [data.Channels, data.Height, data.Width], values, [.. Enumerable.Range(0, count).Select(data.ClassOf)]);
    }

    private static OnnxModel Trained(ZooEntry entry, DatasetPair data, int epochs)
    {
        OnnxModel model = entry.Build(entry.Defaults);
        var options = new TrainerOptions { Epochs = epochs, Optimizer = new AdamOptions { LearningRate = 2e-3 }, Schedule = new OneCycleSchedule(), ValidationFraction = 0 };
        using var trainer = new Trainer(model, data.Train.Prepare(new ChannelStatistics(1 / 255f, [], []).ToNormalization()).Take(FashionTrain), options);
        trainer.Run();
        return model;
    }

    // Only the time counts; the metric is how alike the outputs stay.
    private static QuantizedCase Untrained(string name)
    {
        ZooEntry entry = ZooCatalog.Find(name);
        return Timed(name, entry.Build(entry.Defaults));
    }

    private static QuantizedCase Timed(string name, OnnxModel model)
    {
        long[] shape = [.. model.Graph.Inputs[0].Shape!.Dimensions.Skip(1).Select(size => size.Size!.Value)];
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, (int)(16 * shape.Aggregate(1L, (product, size) => product * size))).Select(_ => random.NextSingle())];
        var samples = new Classifier(model.Graph.Inputs[0].Name, shape, values, new int[16]);
        var noise = new Quantizer.Analysis.OutputNoise(model, [.. samples.Batches(1, 8)], 1);
        // Signal over noise as a share of the signal's amplitude that survives.
        return new QuantizedCase(name, model, samples.Batches(1, 16), "outputs alike", judged => 1 - Math.Pow(10, -noise.Decibels(judged) / 20)) { SampleCount = 8, Against = "initial weights and noise: only the time counts" };
    }

    // Wide 3 × 3 convolutions, nothing else: where int8 pays most.
    private static QuantizedCase Plain()
    {
        var random = new Random(1);
        var graph = new OnnxGraph("plain");
        Value x = graph.AddInput("input", ElementType.Float, TensorShape.Of(1, 16, 56, 56));
        int from = 16;
        for (int layer = 0; layer < 6; layer++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"conv{layer}");
            Value weight = graph.AddInitializer(name + "/weight", Random(random, MathF.Sqrt(6f / (9 * from)), 128, from, 3, 3));
            Node conv = graph.AddNode("Conv", [x, weight, graph.AddInitializer(name + "/bias", Random(random, 0.1f, 128))], [name], name);
            conv.Attributes.Set("pads", [1, 1, 1, 1]);
            x = graph.AddNode("Relu", [conv.Outputs[0]], [name + "/relu"], name + "/relu").Outputs[0]!;
            from = 128;
        }
        x = graph.AddNode("GlobalAveragePool", [x], ["features"], "pool").Outputs[0]!;
        x.Type = new TensorType(ElementType.Float, TensorShape.Of(1, 128, 1, 1));
        graph.AddOutput(x);
        return Timed("plain-convolutions", new OnnxModel(graph));
    }

    private static OnnxTensor Random(Random random, float size, params long[] dims) =>
        OnnxTensor.From<float>([.. Enumerable.Range(0, (int)dims.Aggregate(1L, (product, dim) => product * dim)).Select(_ => ((2 * random.NextSingle()) - 1) * size)], dims);

    private static Classifier Clips(string folder)
    {
        string[] lines = [.. File.ReadLines(Path.Combine(folder, "y_labels.csv")).Where(line => line.Trim().Length > 0)];
        float[] values = new float[lines.Length * 490];
        int[] classes = new int[lines.Length];
        for (int index = 0; index < lines.Length; index++)
        {
            string[] cells = lines[index].Split(',', StringSplitOptions.TrimEntries);
            byte[] clip = File.ReadAllBytes(Path.Combine(folder, cells[0]));
            classes[index] = int.Parse(cells[^1], CultureInfo.InvariantCulture);
            for (int place = 0; place < clip.Length; place++)
            {
                values[(index * 490) + place] = ((sbyte)clip[place] - 83) * 0.5847029f;
            }
        }
        return new Classifier("input", [49, 10, 1], values, classes);
    }
}
