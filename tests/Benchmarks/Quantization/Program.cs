using System.CommandLine;
using System.Globalization;
using Edge.Benchmarks.Quantization;
using Edge.Foundation;
using Edge.Testing;
using Edge.Tool;

// Each figure stands beside the float model's in the same run, one thread.
NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
NativeEnvironment.Set("OPENBLAS_NUM_THREADS", "1");
if (args is [CalibrationMemory.Worker, { } what, { } path, .. var pictures])
{
    CalibrationMemory.Work(what, path, pictures);
    return ExitCode.Success;
}
var tool = new ToolCommand("What quantization costs and gains, model by model.");
Option<string[]> only = tool.Add(new Option<string[]>("--only") { Description = "measure this row; repeat for more. The others of the file stay", HelpName = "NAME" });
Option<bool> list = tool.Switch("--list", "name the rows");
return tool.Run(args, parsed => Run(parsed.GetValue(only) ?? [], parsed.GetValue(list), parsed.GetValue(tool.Json)));

static int Run(string[] only, bool isList, string? json)
{
    const string Memory = "memory";
    string shared = Path.Combine(Repository.Root, "..", "shared", "data");
    bool hasShared = Directory.Exists(shared);
    (string Name, Func<ModelFigures> Run)[] rows =
        [.. hasShared ? Cases.Shared(shared).Select(row => (row.Name, (Func<ModelFigures>)(() => row.Make().Run(out _)))) : [],
         // The messages that the text net learns from stand beside the checkout too.
         .. Cases.Own().Where(row => hasShared || !row.Name.StartsWith("text-", StringComparison.Ordinal))];
    if (isList)
    {
        Console.WriteLine(string.Join('\n', rows.Select(row => row.Name).Append(Memory)));
        return ExitCode.Success;
    }
    if (only.FirstOrDefault(name => name != Memory && !rows.Any(row => row.Name == name)) is { } unknown)
    {
        Console.Error.WriteLine($"there is no row '{unknown}'{(hasShared ? "" : " without ../shared")}; --list names them");
        return ExitCode.BadInput;
    }
    if (!hasShared)
    {
        Console.WriteLine("models and photos: skipped, ../shared is not present");
    }
    Figures figures = json is not null && only.Length > 0 ? Figures.Read(json) : new Figures();
    bool failed = false;
    foreach ((string name, Func<ModelFigures> run) in rows.Where(row => only.Length == 0 || only.Contains(row.Name)))
    {
        try
        {
            ModelFigures row = run();
            figures = figures.With(row);
            Console.WriteLine(Text($"{row.Name}: {row.Metric} {row.FloatValue:P2} → {row.Int8Value:P2} ({row.ValueBeforeSpeed:P2} with {row.LayersBeforeSpeed} layers int8 before speed), {row.FloatMs:F3} → {row.Int8Ms:F3} ms ({row.Speedup:F2} ×, everything quantized {row.NaiveSpeedup:F2} ×), bytes {row.BytesRatio:P0}, {row.QuantizedLayers} layers int8, {row.FloatLayers} float; {row.Scheme}; {row.Against}; libtorch at most {row.TorchMaxSteps:F1} steps off, {row.TorchMeanSteps:F4} on the mean; {row.Seconds:F0} s, load {row.Load:F1}"));
        }
        catch (InputException e)
        {
            failed = true;
            Console.Error.WriteLine($"{name}: {e.Message}");
        }
        Save();
    }
    if (hasShared && (only.Length == 0 || only.Contains(Memory)))
    {
        CalibrationFigures memory = CalibrationMemory.Measure(Path.Combine(shared, "models", "yolox-nano", "yolox_nano_416x416.onnx"), [.. Directory.GetFiles(Path.Combine(shared, "images", "coco-calib"), "*.jpg").Order(StringComparer.Ordinal)]);
        Console.WriteLine(Text($"percentile calibration of {memory.Images} images of 1760 × 1760: {memory.PeakExtraMB:F0} MB above inference's own peak of {memory.InferencePeakMB:F0} MB, {memory.TimeRatio:F2} × its time"));
        figures = figures with { CalibrationPeakExtraMB = memory.PeakExtraMB, CalibrationTimeRatio = memory.TimeRatio };
        Save();
    }
    return failed ? ExitCode.Failure : ExitCode.Success;

    // After each row, so that what was measured is not lost with one that fails.
    void Save()
    {
        if (json is not null)
        {
            figures.Write(json);
        }
    }
}

static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
