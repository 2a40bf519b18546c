using System.Diagnostics;
using System.Globalization;
using Edge.Cli.Evaluation.Detection;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Cli.Verbs;
using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Demo.Detector;

/// <summary>A detector from nothing: scenes, training, int8, a signed package, the native runtime, and what it saw drawn on pictures.</summary>
internal sealed class DetectDemoWork(DetectDemoOptions options)
{
    private const int CalibrationSamples = 200;
    private const int LargePictures = 6;
    private const int LargeSide = 480;
    private const int SheetPictures = 8;
    private const int SheetColumns = 4;
    private const int SheetSide = 240;
    private readonly StageClock _clock = new();

    internal async Task<DetectDemoReport> RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Folder);
        string held = await _clock.RunAsync("make scenes with known objects", () => Task.FromResult(Scenes(cancellation)));
        (TrainOutcome backbone, double backboneProcessorSeconds) = await _clock.RunAsync("train its first layers on single items", () => Task.FromResult(TrainBackbone(cancellation)));
        (TrainOutcome trained, double processorSeconds) = await _clock.RunAsync("train a detector with them on the scenes", () => Task.FromResult(TrainDetector(held, cancellation)));
        DetectionDataset data = DetectionDataset.Load(held);
        DetectionResult fp32 = await _clock.RunAsync("judge it through the pipeline of edge-runtime", () => Task.FromResult(Judge(trained.Model, "edgedet", trained.Card!, data, cancellation)));
        QuantizedModel quantized = await _clock.RunAsync("quantize it to int8", () =>
        {
            QuantizedModel model = DetectorQuantization.Run(trained, CalibrationSamples, cancellation);
            return Task.FromResult((model, Text($"{model.QuantizedNodes.Count} nodes on 8 bits, {model.FloatNodes.Count} left float")));
        });
        DetectionResult int8 = await _clock.RunAsync("judge that", () => Task.FromResult(Judge(quantized.Model, "edgedet-int8", trained.Card!, data, cancellation)));
        DetectorQuantization.Card(trained.Card!, CalibrationSamples, fp32, int8).Write(quantized.Model);
        (string package, string key) = await _clock.RunAsync("package and sign both", () => Task.FromResult(Pack(trained, quantized)));
        RuntimeDetections seen = await _clock.RunAsync("run the native edge-runtime on the held-out scenes", async () =>
        {
            RuntimeDetections found = await RuntimeDetections.RunAsync(options.RuntimePath, package, key, int8.Pictures, InFolder("pictures"), cancellation);
            return (found, Text($"{found.Objects:N0} objects in {int8.Pictures.Count:N0} pictures, as found here in {found.Agreements:N0}; drawn in {InFolder("pictures")}"));
        });
        Sheets(int8);
        DetectionPage.Make(int8).Save(InFolder("report.html"));
        var report = new DetectDemoReport
        {
            EdgedetAp50 = fp32.Metrics.Ap50 ?? 0,
            EdgedetInt8Ap50 = int8.Metrics.Ap50 ?? 0,
            EdgedetAp = fp32.Metrics.Ap ?? 0,
            EdgedetInt8Ap = int8.Metrics.Ap ?? 0,
            Scenes = options.Scenes,
            HeldOut = int8.Pictures.Count,
            Epochs = trained.Result.History.Count,
            BackboneAccuracy = backbone.Metrics["accuracy"],
            BackboneSeconds = backbone.Result.Elapsed.TotalSeconds,
            TrainSeconds = trained.Result.Elapsed.TotalSeconds,
            TrainProcessorSeconds = backboneProcessorSeconds + processorSeconds,
            TrainScenesPerSecond = trained.Result.SamplesPerSecond,
            FloatBytes = trained.Model.ToBytes().Length,
            Int8Bytes = quantized.Model.ToBytes().Length,
            FloatInferMs = fp32.Milliseconds.Infer,
            Int8InferMs = int8.Milliseconds.Infer,
            RuntimePictures = int8.Pictures.Count,
            RuntimeObjects = seen.Objects,
            RuntimeAgreements = seen.Agreements,
            Stages = _clock.Stages,
            DemoSeconds = _clock.TotalSeconds,
        };
        AtomicFile.WriteAllText(InFolder("report.json"), Json.Text(report) + "\n");
        return report;
    }

    private (string, string) Scenes(CancellationToken cancellation)
    {
        (int train, int held) = SynthVerb.Write(InFolder("scenes"), DatasetCatalog.FashionMnist, new SceneOptions { Seed = options.Seed }, options.Scenes, options.Held, isPng: false, cancellation);
        SynthVerb.WriteSingles(InFolder("scenes"), DatasetCatalog.FashionMnist, new SceneOptions { Seed = options.Seed }, options.Singles, cancellation);
        return (InFolder("scenes/val.json"), Text($"{options.Scenes:N0} scenes with {train:N0} objects to train with, {options.Held:N0} with {held:N0} to judge with, of items that the others have not"));
    }

    private ((TrainOutcome, double), string) TrainBackbone(CancellationToken cancellation)
    {
        var recipe = Recipe.Load(options.BackboneRecipePath,
        [
            new RecipeOverride("data.source", RecipeOptions.Quote(InFolder("scenes/singles"), "data.source"), "demo"),
            new RecipeOverride("seed", Text($"{options.Seed}"), "--seed"),
        ]);
        (TrainOutcome outcome, double seconds) = Train(recipe, "backbone.onnx", cancellation);
        return ((outcome, seconds), Text($"{outcome.Metrics["accuracy"]:P1} of the held-out items told right, {outcome.Result.SamplesPerSecond:N0} pictures/s, {seconds:N0} s of processor time"));
    }

    private ((TrainOutcome, double), string) TrainDetector(string held, CancellationToken cancellation)
    {
        var recipe = Recipe.Load(options.RecipePath,
        [
            new RecipeOverride("data.source", RecipeOptions.Quote(InFolder("scenes/train.json"), "data.source"), "demo"),
            new RecipeOverride("model.backbone", RecipeOptions.Quote(InFolder("backbone.onnx"), "model.backbone"), "demo"),
            new RecipeOverride("data.test", RecipeOptions.Quote(held, "data.test"), "demo"),
            new RecipeOverride("seed", Text($"{options.Seed}"), "--seed"),
            .. options.Settings.Select(RecipeOverride.Parse),
        ]);
        if (recipe.Task != RecipeTask.Detect)
        {
            throw new ToolException($"{options.RecipePath}: its task is {recipe.Task.ToString().ToLowerInvariant()}; the demo trains a detector");
        }
        (TrainOutcome outcome, double seconds) = Train(recipe, "edgedet.onnx", cancellation);
        return ((outcome, seconds), Text($"AP50 {outcome.Metrics["ap50"]:F3} after {outcome.Result.History.Count} epochs at {outcome.Result.SamplesPerSecond:N0} scenes/s, {seconds:N0} s of processor time"));
    }

    private (TrainOutcome, double) Train(Recipe recipe, string output, CancellationToken cancellation)
    {
        using var process = Process.GetCurrentProcess();
        double before = process.TotalProcessorTime.TotalSeconds;
        TrainOutcome outcome = TrainWork.Run(new TrainJob(recipe, InFolder(output)), cancellation);
        cancellation.ThrowIfCancellationRequested();
        process.Refresh();
        return (outcome, process.TotalProcessorTime.TotalSeconds - before);
    }

    private static (DetectionResult, string) Judge(OnnxModel model, string name, ModelCard card, DetectionDataset data, CancellationToken cancellation)
    {
        DetectionResult result = DetectionWork.Run(new DetectionJob(model, name, card, data) { Threads = 1 }, cancellation);
        return (result, Text($"AP50 {result.Metrics.Ap50:F3}, AP {result.Metrics.Ap:F3}; from the score {result.Threshold:0.##} on precision {result.Precision:F3}, recall {result.Recall:F3}; {result.Milliseconds.Infer:F2} ms to infer"));
    }

    private ((string, string), string) Pack(TrainOutcome trained, QuantizedModel quantized)
    {
        string key = InFolder("keys/demo");
        Directory.CreateDirectory(Path.GetDirectoryName(key)!);
        using (var made = SigningKey.Generate())
        {
            made.Save(key);
        }
        quantized.Model.Save(InFolder("edgedet-int8.onnx"));
        PackageResult fp32 = Packager.Write(trained.Model, InFolder("edgedet.onnx"), trained.Card!, Request("edgedet", key));
        PackageResult int8 = Packager.Write(quantized.Model, InFolder("edgedet-int8.onnx"), ModelCard.Read(quantized.Model, "edgedet-int8.onnx")!, Request("edgedet-int8", key));
        return ((int8.Path, key + SigningKey.PublicSuffix), $"{fp32.Path} and {int8.Path}, signed");
    }

    private PackageRequest Request(string name, string key) => new() { Name = name, Version = "1.0.0", Release = 1, KeyPath = key, OutputPath = InFolder($"{name}-1.0.0.edgepkg") };

    // Some pictures large enough to read, beside those that the runtime drew at their own size, and a sheet of some.
    private void Sheets(DetectionResult result)
    {
        Directory.CreateDirectory(InFolder("large"));
        using var drawing = new DetectionDrawing(LargeSide);
        foreach (JudgedPicture picture in result.Pictures.Take(LargePictures))
        {
            AtomicFile.WriteAllBytes(InFolder($"large/{Path.GetFileNameWithoutExtension(picture.Path)}.png"), drawing.Png(picture, result.Names, withTruth: false));
        }
        using var small = new DetectionDrawing(SheetSide);
        AtomicFile.WriteAllBytes(InFolder("detections.jpg"), small.Sheet([.. result.Pictures.Take(SheetPictures)], SheetColumns, result.Names));
    }

    private string InFolder(string name) => Path.Combine(options.Folder, name);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
