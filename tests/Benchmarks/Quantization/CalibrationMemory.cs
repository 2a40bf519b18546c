using System.Diagnostics;
using System.Globalization;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;

namespace Edge.Benchmarks.Quantization;

/// <summary>
/// Calibrates YOLOX-nano on 20 images of 1760 × 1760, and runs it on the same images without calibrating, each in a process of its
/// own: peaks of memory do not fall again.
/// </summary>
internal static class CalibrationMemory
{
    internal const string Worker = "--memory-worker";
    private const int Side = 1760;
    private const int Images = 20;

    internal static CalibrationFigures Measure(string model, IReadOnlyList<string> pictures)
    {
        (double plainPeak, double plainSeconds) = Start("infer", model, pictures);
        (double peak, double seconds) = Start("calibrate", model, pictures);
        return new CalibrationFigures(Images, plainPeak, peak - plainPeak, seconds / plainSeconds);
    }

    internal static void Work(string what, string path, IReadOnlyList<string> pictures)
    {
        OnnxModel model = Resized(OnnxModel.Load(path));
        var input = new InputSpec { Width = Side, Height = Side, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft, PaddingValue = 114 };
        var detector = new Detector(input, OutputSpec.YoloX, 0.3f, []);
        var batches = detector.Inputs("images", [.. pictures.Take(Images)]);
        var prepared = PreparedModel.Of(model);
        long start = Stopwatch.GetTimestamp();
        if (what == "infer")
        {
            using var session = new EngineSession(prepared.Model, new EngineOptions { Threads = 1 });
            foreach (IReadOnlyDictionary<string, OnnxTensor> batch in batches)
            {
                session.Run(batch);
            }
        }
        else
        {
            IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(QuantizationTarget.CpuX64), batches, new CalibrationOptions { Threads = 1 });
            StaticQuantizer.Build(prepared, statistics, new QuantizationOptions { Method = CalibrationMethod.Percentile });
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmHWM", StringComparison.Ordinal));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024} {seconds}"));
    }

    private static (double PeakMB, double Seconds) Start(string what, string model, IReadOnlyList<string> pictures)
    {
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Worker, what, model, .. pictures]) { RedirectStandardOutput = true })!;
        string[] words = process.StandardOutput.ReadToEnd().Split('\n')[0].Split(' ');
        process.WaitForExit();
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    // The net is convolutional: its input and the sizes that its exporter wrote down may be others.
    private static OnnxModel Resized(OnnxModel model)
    {
        OnnxGraph graph = model.Graph;
        graph.Inputs[0].Type = new TensorType(ElementType.Float, TensorShape.Of(1, 3, Side, Side));
        foreach (Value value in graph.Values.Where(value => !value.IsGraphInput && value.Constant is null))
        {
            value.Type = value.Type is TensorType type ? type with { Shape = null } : value.Type;
        }
        // Only the last reshape knows the number of cells; it keeps the channels and takes the rest as it is.
        foreach (Node reshape in graph.Nodes.Where(node => node.Is("Reshape")))
        {
            if (reshape.Inputs[1] is { Constant: { } shape } known)
            {
                graph.SetConstant(known, OnnxTensor.From<long>([1, shape.ToArray<long>()[1], -1], 3));
            }
            else if (reshape.Inputs[1] is { Producer: { } constant } && constant.Is("Constant"))
            {
                long[] dims = constant.Attributes.GetTensor("value")!.ToArray<long>();
                constant.Attributes.Set("value", OnnxTensor.From<long>([1, dims[1], -1], 3));
            }
        }
        return model;
    }
}
