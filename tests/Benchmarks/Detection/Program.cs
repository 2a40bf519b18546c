using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Detection;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Graph.Inference;
using Edge.Inference;
using Edge.Packages;
using Edge.Scenes;
using Edge.Testing;
using Edge.Training.Data;
using Edge.Training.Metrics;
using Edge.Zoo;

// How well and how fast the runtime detects and tracks, each figure beside a plainer way of doing the same.
if (args is not ([] or ["--json", _]))
{
    Console.Error.WriteLine("usage: bench-detect [--json FILE]");
    return ExitCode.BadInput;
}
NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
string models = Path.Combine(Repository.Root, "..", "shared", "data", "models");
string photos = Path.Combine(Repository.Root, "..", "shared", "data", "images", "coco-eval");
var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);

if (Directory.Exists(models) && Directory.Exists(photos))
{
    var pictures = new CocoPictures(DetectionDataset.Load(Path.Combine(photos, "instances.json")));
    string yolox = Path.Combine(models, "yolox-nano", "yolox_nano_416x416.onnx");
    string fastest = Path.Combine(models, "fastestdet", "FastestDet.onnx");
    var yoloxInput = new InputSpec { Width = 416, Height = 416, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft };
    var fastestInput = new InputSpec { Width = 352, Height = 352, Channels = 3, ColorOrder = ColorOrder.Bgr };
    Compare("yoloxNano", pictures.Device(yolox, yoloxInput, OutputSpec.YoloX), pictures.Reference(yolox, 416, isYoloX: true));
    Compare("fastestDet", pictures.Device(fastest, fastestInput, OutputSpec.FastestDet), pictures.Reference(fastest, 352, isYoloX: false));
    figures["yoloxNanoMs"] = Inference(File.ReadAllBytes(yolox));
}
else
{
    Console.WriteLine("AP of YOLOX-nano and FastestDet: skipped, ../shared is not present");
}

using (var race = new DecodeRace())
{
    (double ours, double loop, long allocated, int ourBoxes, int loopBoxes) = race.Run(101);
    (figures["decodeMs"], figures["decodeLoopMs"], figures["decodeSpeedup"], figures["decodeAllocatedBytes"]) = (ours, loop, loop / ours, allocated);
    Console.WriteLine(Text($"decode and suppression of [1, 84, 8400]: {ours:F3} ms, {loop / ours:F1} × as fast as a plain loop ({loop:F3} ms); boxes {ourBoxes} and {loopBoxes}; {allocated} bytes allocated"));
    // As many cells at the same size of input, and about YOLOv8n's multiply-adds.
    OnnxModel shaped = ZooCatalog.Build("edgedet-m", new ZooOptions { Channels = 3, Height = 640, Width = 640, Classes = 80 });
    ShapeInference.Run(shaped, new Dictionary<string, TensorShape> { [shaped.Graph.Inputs[0].Name] = TensorShape.Of(1, 3, 640, 640) });
    double inference = Inference(shaped.ToBytes());
    (figures["decodeModelMs"], figures["decodeModelMultiplyAdds"], figures["decodeShare"]) = (inference, GraphCost.Of(shaped).MultiplyAdds, ours / inference);
    Console.WriteLine(Text($"  that is {ours / inference:P1} of the inference of edgedet-m at 640 × 640 with 8,400 cells and 80 classes: {inference:F1} ms on one thread, {figures["decodeModelMultiplyAdds"] / 1e9:F1} billion multiply-adds (YOLOv8n has 4.4)"));
}

string report = Path.Combine(Repository.Root, "out", "demo-detect", "report.json");
if (File.Exists(report))
{
    using JsonDocument demo = JsonDocument.Parse(File.ReadAllBytes(report));
    foreach (string name in (string[])["edgedetAp50", "edgedetInt8Ap50", "trainSeconds", "trainProcessorSeconds"])
    {
        figures[name] = demo.RootElement.GetProperty(name).GetDouble();
    }
    Console.WriteLine(Text($"edgedet-n on held-out scenes: AP50 {figures["edgedetAp50"]:F3}, int8 {figures["edgedetInt8Ap50"]:F3}, after {figures["trainProcessorSeconds"]:F0} s of processor time"));
}
else
{
    Console.WriteLine("edgedet-n: skipped, out/demo-detect/report.json is not there; run make demo-detect");
}

(TrackingScore tracked, TrackingScore plain) = TrackerRace.Run(10);
(figures["mota"], figures["idf1"], figures["idSwitches"]) = (tracked.Mota, tracked.Idf1, tracked.IdSwitches);
(figures["plainMota"], figures["plainIdf1"], figures["plainIdSwitches"]) = (plain.Mota, plain.Idf1, plain.IdSwitches);
figures["trackMicrosecondsOf50"] = TrackerRace.MicrosecondsOf50();
Console.WriteLine(Text($"tracking, 10 scenes of 300 frames: MOTA {tracked.Mota:F3}, IDF1 {tracked.Idf1:F3}, {tracked.IdSwitches} id switches; overlap alone {plain.Mota:F3}, {plain.Idf1:F3}, {plain.IdSwitches}"));
Console.WriteLine(Text($"  50 objects cost {figures["trackMicrosecondsOf50"]:F0} µs a frame"));
if (args is [_, { } json])
{
    AtomicFile.WriteAllText(json, JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
}
return ExitCode.Success;

void Compare(string name, DetectionMetrics device, DetectionMetrics reference)
{
    (figures[$"{name}Ap"], figures[$"{name}ReferenceAp"]) = (device.Ap ?? 0, reference.Ap ?? 0);
    (figures[$"{name}Ap50"], figures[$"{name}ReferenceAp50"]) = (device.Ap50 ?? 0, reference.Ap50 ?? 0);
    Console.WriteLine(Text($"{name}: AP {device.Ap:P2} on the device, {reference.Ap:P2} by the reference; AP50 {device.Ap50:P2} and {reference.Ap50:P2}"));
}

static double Inference(byte[] model)
{
    using var session = new ModelSession(model, new SessionSettings { Threads = 1 });
    var times = new List<double>();
    for (int i = 0; i < 31; i++)
    {
        long start = Stopwatch.GetTimestamp();
        session.Run();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
    times.Sort();
    return times[times.Count / 2];
}

static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
