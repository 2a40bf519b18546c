using System.Globalization;
using Edge.Cli.Models;
using Edge.Cli.Quantization;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Foundation;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Demo;

/// <summary>The whole line, on real parts: train, quantize, package and sign, run on the device, report over MQTT.</summary>
internal sealed class DemoWork(DemoOptions options)
{
    private const int Epochs = 6;
    private const int CalibrationSamples = 512;
    private readonly StageClock _clock = new();

    internal async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Folder);
        TrainOutcome trained = await _clock.RunAsync("train a convolutional net", () => Task.FromResult(Train(cancellation)));
        DatasetPair data = trained.Data.Pair!;
        QuantizationWork quantized = await _clock.RunAsync("quantize it to int8", () => Task.FromResult(Quantize(trained, cancellation)));
        Packages packages = await _clock.RunAsync("package and sign both", () => Task.FromResult(Pack(trained, quantized)));
        int pictures = Math.Min(options.Pictures, data.Test.Count);
        await _clock.RunAsync("write test pictures as PNG and JPEG files", () =>
        {
            PictureFiles.Write(data.Test, pictures, InFolder("pictures/png"), InFolder("pictures/jpeg"));
            return Task.FromResult((pictures, Text($"{pictures:N0} pictures twice in {InFolder("pictures")}")));
        });
        (DeviceRun fp32, DeviceRun int8, DeviceRun jpeg) = await _clock.RunAsync("run edge-runtime on them and listen with mosquitto_sub", () => RunDevicesAsync(packages, cancellation));
        CheckComplete(pictures, fp32, int8, jpeg);
        DemoReport report = Report(trained, quantized, fp32, int8, jpeg);
        DemoPage.Make(report, trained.Curves, quantized.Int8, int8, data.Test).Save(InFolder("report.html"));
        AtomicFile.WriteAllText(InFolder("report.json"), Json.Text(report) + "\n");
        return report;
    }

    private (TrainOutcome, string) Train(CancellationToken cancellation)
    {
        Recipe recipe = Recipe.From("demo", Keys());
        TrainOutcome outcome = TrainWork.Run(new TrainJob(recipe, InFolder("fashion.onnx")), cancellation);
        cancellation.ThrowIfCancellationRequested();
        return (outcome, Text($"test accuracy {outcome.Test!.Classes!.Accuracy:P2} at {outcome.Result.SamplesPerSecond:N0} images/s"));
    }

    private IEnumerable<RecipeOverride> Keys()
    {
        yield return new RecipeOverride("model.name", "convnet", "demo");
        yield return new RecipeOverride("model.dropout", "0.25", "demo");
        yield return new RecipeOverride("data.source", DatasetCatalog.FashionMnist, "demo");
        yield return new RecipeOverride("device", "cpu", "demo");
        yield return new RecipeOverride("seed", Text($"{options.Seed}"), "--seed");
        yield return new RecipeOverride("training.epochs", Text($"{Epochs}"), "demo");
        yield return new RecipeOverride("training.seconds", Text($"{options.TrainingTime.TotalSeconds}"), "--seconds");
    }

    private (QuantizationWork, string) Quantize(TrainOutcome trained, CancellationToken cancellation)
    {
        QuantizationWork work = QuantizationWork.Run(trained.Model, InFolder("fashion.onnx"), trained.Card!, trained.Data.Pair!, CalibrationSamples, new QuantizationOptions(), threads: 1, cancellation);
        work.Model.Save(InFolder("fashion-int8.onnx"));
        AtomicFile.WriteAllText(InFolder("fashion-int8.report.json"), Json.Text(work.Report) + "\n");
        return (work, Text($"accuracy {work.Report.FloatValue:P2} became {work.Report.Int8Value:P2}, bytes {work.Report.BytesRatio:P1}"));
    }

    private (Packages, string) Pack(TrainOutcome trained, QuantizationWork quantized)
    {
        string key = InFolder("keys/demo");
        Directory.CreateDirectory(Path.GetDirectoryName(key)!);
        using (SigningKey made = SigningKey.Generate())
        {
            made.Save(key);
        }
        PackageResult fp32 = Packager.Write(trained.Model, InFolder("fashion.onnx"), trained.Card!, Request("fashion", key));
        PackageResult int8 = Packager.Write(quantized.Model, InFolder("fashion-int8.onnx"), ModelCard.Read(quantized.Model, "fashion-int8.onnx")!, Request("fashion-int8", key));
        return (new Packages(fp32.Path, int8.Path, key + SigningKey.PublicSuffix), $"{fp32.Path} and {int8.Path}, signed");
    }

    private PackageRequest Request(string name, string key) => new() { Name = name, Version = "1.0.0", Release = 1, KeyPath = key, OutputPath = InFolder($"{name}-1.0.0.edgepkg") };

    private async Task<((DeviceRun, DeviceRun, DeviceRun), string)> RunDevicesAsync(Packages packages, CancellationToken cancellation)
    {
        using var broker = new Broker(options.Folder);
        await broker.ReadyAsync(cancellation);
        using var subscriber = new Subscriber(broker.Port);
        await subscriber.ReadyAsync(cancellation);
        Task<DeviceRun> Run(string name, string package, string pictures) => DeviceRun.RunAsync(
            new DeviceJob { Name = name, Folder = options.Folder, RuntimePath = options.RuntimePath, Package = package, PublicKey = packages.PublicKey, Pictures = InFolder(pictures), Port = broker.Port },
            subscriber,
            cancellation);
        DeviceRun fp32 = await Run("demo-float", packages.Fp32, "pictures/png");
        DeviceRun int8 = await Run("demo-int8", packages.Int8, "pictures/png");
        DeviceRun jpeg = await Run("demo-jpeg", packages.Int8, "pictures/jpeg");
        return ((fp32, int8, jpeg), Text($"{fp32.Results.Count + int8.Results.Count + jpeg.Results.Count:N0} answers received"));
    }

    private static void CheckComplete(int pictures, params ReadOnlySpan<DeviceRun> runs)
    {
        foreach (DeviceRun run in runs)
        {
            if (run.Results.Count != pictures)
            {
                throw new ToolException($"{run.Results.Count} of {pictures} answers arrived over MQTT");
            }
        }
    }

    private DemoReport Report(TrainOutcome trained, QuantizationWork quantized, DeviceRun fp32, DeviceRun int8, DeviceRun jpeg)
    {
        ImageDataset test = trained.Data.Pair!.Test;
        return new DemoReport
        {
            Fp32Accuracy = quantized.Report.FloatValue,
            Int8Accuracy = quantized.Report.Int8Value,
            Fp32SampleAccuracy = SampleAccuracy(quantized.Float.Predictions, fp32, test),
            Int8SampleAccuracy = SampleAccuracy(quantized.Int8.Predictions, int8, test),
            MqttAccuracy = int8.Accuracy(test),
            MqttAgreements = int8.Results.Count(result => result.Class == quantized.Int8.Predictions[result.Index]),
            MqttJpegAccuracy = jpeg.Accuracy(test),
            MqttFp32Accuracy = fp32.Accuracy(test),
            Pictures = int8.Results.Count,
            Fp32Bytes = quantized.Report.FloatBytes,
            Int8Bytes = quantized.Report.Int8Bytes,
            RuntimeBytes = new FileInfo(options.RuntimePath).ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(options.RuntimePath).Length,
            RssMB = int8.PeakRssMB,
            P50Ms = fp32.Stats.LatencyMs.Total.P50,
            P99Ms = fp32.Stats.LatencyMs.Total.P99,
            Int8P50Ms = int8.Stats.LatencyMs.Total.P50,
            Int8P99Ms = int8.Stats.LatencyMs.Total.P99,
            Fp32ImagesPerSecond = fp32.Stats.ImagesPerSecond,
            Int8ImagesPerSecond = int8.Stats.ImagesPerSecond,
            TrainImagesPerSecond = trained.Result.SamplesPerSecond,
            AllocatedBytesPerFrame = new[] { fp32, int8, jpeg }.Max(run => run.Stats.AllocatedBytesPerFrame ?? 0),
            Stages = _clock.Stages,
            DemoSeconds = _clock.TotalSeconds,
        };
    }

    private static double SampleAccuracy(IReadOnlyList<int> predictions, DeviceRun run, ImageDataset test) =>
        (double)run.Results.Count(result => predictions[result.Index] == test.ClassOf(result.Index)) / run.Results.Count;

    private string InFolder(string name) => Path.Combine(options.Folder, name);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Packages(string Fp32, string Int8, string PublicKey);
}
