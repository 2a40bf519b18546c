using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Quantization;
using Edge.Foundation;
using Edge.Testing;

// How much quantization costs and gains, each figure beside the float model's in the same run, one thread.
NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
NativeEnvironment.Set("OPENBLAS_NUM_THREADS", "1");
if (args is [CalibrationMemory.Worker, { } what, { } path, .. var pictures])
{
    CalibrationMemory.Work(what, path, pictures);
    return ExitCode.Success;
}
string? json = null;
string? only = null;
for (int i = 0; i + 1 < args.Length; i += 2)
{
    (json, only) = args[i] switch { "--json" => (args[i + 1], only), "--only" => (json, args[i + 1]), _ => throw new ArgumentException($"usage: bench-quant [--json FILE] [--only NAME], not {args[i]}") };
}
string shared = Path.Combine(Repository.Root, "..", "shared", "data");
var models = new List<ModelFigures>();
CalibrationFigures? memory = null;
if (Directory.Exists(shared))
{
    foreach ((string name, Func<QuantizedCase> make) in Cases.Shared(shared))
    {
        Run(name, () => make().Run(out _));
    }
    if (only is null or "memory")
    {
        memory = CalibrationMemory.Measure(Path.Combine(shared, "models", "yolox-nano", "yolox_nano_416x416.onnx"), [.. Directory.GetFiles(Path.Combine(shared, "images", "coco-calib"), "*.jpg").Order(StringComparer.Ordinal)]);
        Console.WriteLine(Text($"percentile calibration of {memory.Images} images of 1760 × 1760: {memory.PeakExtraMB:F0} MB above inference's own peak of {memory.InferencePeakMB:F0} MB, {memory.TimeRatio:F2} × its time"));
    }
}
else
{
    Console.WriteLine("models and photos: skipped, ../shared is not present");
}
foreach ((string name, Func<ModelFigures> run) in Cases.Own())
{
    // The messages that the text net learns from stand beside the checkout too.
    if (Directory.Exists(shared) || !name.StartsWith("text-", StringComparison.Ordinal))
    {
        Run(name, run);
    }
}
if (json is not null)
{
    AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new { models, calibrationPeakExtraMB = memory?.PeakExtraMB, calibrationTimeRatio = memory?.TimeRatio }, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
}
return ExitCode.Success;

void Run(string name, Func<ModelFigures> run)
{
    if (only is not null && !name.StartsWith(only, StringComparison.Ordinal))
    {
        return;
    }
    ModelFigures figures = run();
    models.Add(figures);
    Console.WriteLine(Text($"{figures.Name}: {figures.Metric} {figures.FloatValue:P2} → {figures.Int8Value:P2}, {figures.FloatMs:F3} → {figures.Int8Ms:F3} ms ({figures.Speedup:F2} ×, everything quantized {figures.NaiveSpeedup:F2} ×), bytes {figures.BytesRatio:P0}, {figures.QuantizedLayers} layers int8, {figures.FloatLayers} float; {figures.Scheme}; libtorch at most {figures.TorchMaxSteps:F1} steps off; {figures.Samples} samples"));
}

static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
