using System.Diagnostics;
using System.Globalization;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.MixedPrecision;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Repair;
using Edge.Quantizer.Speed;

namespace Edge.Cli.Quantization;

/// <summary>Quantizes a model as asked, and holds it against the float model.</summary>
internal sealed class QuantizeJob(QuantizeRequest request, CancellationToken cancellation)
{
    private const int Samples = 8;
    private const int RepairSamples = 32;
    private static readonly TimeSpan RaceTime = TimeSpan.FromSeconds(3);

    /// <summary>The float model as it was quantized.</summary>
    internal PreparedModel Prepared { get; private set; } = null!;

    /// <summary>What calibration saw.</summary>
    internal IReadOnlyDictionary<string, TensorStatistics> Statistics { get; private set; } = null!;

    /// <summary>The result.</summary>
    internal QuantizedModel Quantized { get; private set; } = null!;

    /// <summary>Does everything.</summary>
    internal QuantizationReport Run()
    {
        QuantizationOptions options = request.Options;
        Prepared = PreparedModel.Of(request.Model.Model, options.Activations is QuantizedType.Int16 or QuantizedType.UInt16);
        if (request.Repairs.Contains("equalize"))
        {
            int layers = CrossLayerEqualization.Run(Prepared, request.Calibration.First(RepairSamples), request.Threads);
            Screen.Note($"equalized the channels of {layers} layers");
        }
        long start = Stopwatch.GetTimestamp();
        Statistics = Calibrate();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples = request.Calibration.First(Samples);
        double before = request.Judge.Judge(request.Model.Model);
        if (request.ChoosesMethod)
        {
            (options, IReadOnlyList<(string Method, double Decibels)> tried) = MethodChoice.Best(Prepared, Statistics, options, samples, request.Threads);
            Screen.Note($"calibration: {string.Join(", ", tried.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Method} {item.Decibels:F1} dB")))}; {options.MethodText} is best");
        }
        SpeedResult? speed = null;
        if (request.Speed)
        {
            Screen.Note("measuring layers as float and on whole numbers");
            speed = SpeedPolicy.Choose(Prepared, Statistics, options, samples, Math.Max(1, request.Threads), cancellation);
            options = options with { KeepFloat = speed.KeepFloat };
        }
        if (request.Repairs.Contains("bias"))
        {
            options = options with { BiasShifts = BiasCorrection.Run(Prepared, Statistics, options, samples, request.Threads, new ProgressBar("bias").Show, cancellation) };
        }
        QuantizationReport.PrecisionFacts? precision = null;
        double after;
        if (request.MaxDrop is { } most && speed?.AnyQuantized != false)
        {
            var progress = new ProgressBar("rank");
            PrecisionResult found = PrecisionSearch.Run(Prepared, Statistics, options, samples, request.Judge.Judge, before, most, request.Threads, progress.Show, cancellation);
            (Quantized, after) = (found.Model, found.Value);
            precision = new QuantizationReport.PrecisionFacts(most, found.IsWithin, found.Trials, found.Sensitivities);
        }
        else
        {
            Quantized = StaticQuantizer.Build(Prepared, Statistics, options);
            after = request.Judge.Judge(Quantized.Model);
        }
        IReadOnlyList<double[]> times = LatencyRace.Run([request.Model.Model, Quantized.Model], samples[0], Math.Max(1, request.Threads), RaceTime);
        var report = new QuantizationReport
        {
            Model = request.Model.Source,
            Scheme = $"static {(options.Activations ?? options.Target.Activations).ToString().ToLowerInvariant()} activations, int8 weights",
            Target = options.Target.Name,
            Calibration = options.MethodText,
            Repairs = request.Repairs,
            CalibrationSamples = request.Calibration.Count,
            Metric = request.Judge.Metric,
            EvaluationSamples = request.Judge.Samples,
            FloatValue = before,
            Int8Value = after,
            FloatBytes = request.Model.Model.ToBytes().Length,
            Int8Bytes = Quantized.Model.ToBytes().Length,
            FloatMs = LatencyRace.Median(times[0]),
            Int8Ms = LatencyRace.Median(times[1]),
            Speedup = LatencyRace.Speedup(times[0], times[1]),
            QuantizedNodes = Quantized.QuantizedNodes,
            FloatNodes = [.. Quantized.FloatNodes.Select(node => new QuantizationReport.FloatNode(node.Description, node.Reason))],
            Layers = LayerNoise.Measure(Prepared, Quantized, samples, request.Threads),
            Kernels = EngineKernels.Of(Quantized.Model),
            Speed = speed,
            Precision = precision,
            CalibrationSeconds = seconds,
            Warnings = Quantized.Warnings,
        };
        Note(report);
        return report with { Advice = [.. QuantizationAdvice.Of(report)] };
    }

    private IReadOnlyDictionary<string, TensorStatistics> Calibrate()
    {
        IReadOnlyList<string> tensors = Prepared.Tensors(request.Options.Target);
        string hash = CalibrationCache.HashOf(Prepared.Model);
        if (request.Cache is { } cache && File.Exists(cache))
        {
            IReadOnlyDictionary<string, TensorStatistics> known = CalibrationCache.Load(cache, hash);
            if (tensors.All(known.ContainsKey))
            {
                Screen.Note($"{cache}: the calibration is known, its data are not run again");
                return known;
            }
        }
        IReadOnlyDictionary<string, TensorStatistics> found = Calibrator.Run(Prepared.Model, tensors, request.Calibration.Batches, new CalibrationOptions { Threads = request.Threads, Cancellation = cancellation });
        if (request.Cache is { } path)
        {
            CalibrationCache.Save(path, hash, found);
        }
        return found;
    }

    private void Note(QuantizationReport report)
    {
        if (request.Card is { } card)
        {
            (card with
            {
                Quantization = new QuantizationFacts
                {
                    Scheme = "qdq-int8",
                    Calibration = report.Calibration,
                    CalibrationSamples = report.CalibrationSamples,
                    Metric = report.Metric,
                    FloatMetric = report.FloatValue,
                    QuantizedMetric = report.Int8Value,
                    MetricSamples = report.EvaluationSamples,
                },
            }).Write(Quantized.Model);
        }
    }
}
