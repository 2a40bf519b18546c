using System.Diagnostics;
using System.Globalization;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Graph.Passes;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.MixedPrecision;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Qat;
using Edge.Quantizer.Repair;
using Edge.Quantizer.Schemes;
using Edge.Quantizer.Speed;
using Edge.Torch;
using Edge.Training;

namespace Edge.Cli.Quantization;

/// <summary>Quantizes a model as asked, and holds it against the float model.</summary>
internal sealed class QuantizeJob(QuantizeRequest request, CancellationToken cancellation)
{
    private const int Samples = 16;
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
        bool isWide = request.Options.Activations is QuantizedType.Int16 or QuantizedType.UInt16;
        Prepared = PreparedModel.Of(request.Model.Model, isWide);
        Prepared.RequireNodes(request.Options.KeepFloat.Keys);
        Prepared.RequireNodes(request.Explain is { } explained ? [explained] : []);
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples = request.Calibration.First(Samples);
        double before = request.Judge.Judge(request.Model.Model);
        QuantizationReport report = request.Scheme == QuantizationScheme.Static ? Static(samples, before) : Other(before);
        Note(report);
        return report with { Advice = [.. QuantizationAdvice.Of(report)] };
    }

    private QuantizationReport Static(IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, double before)
    {
        QuantizationOptions options = request.Options;
        if (request.Repairs.Contains("equalize"))
        {
            int layers = CrossLayerEqualization.Run(Prepared, request.Calibration.First(RepairSamples), request.Threads);
            Screen.Note($"equalized the channels of {layers} layers");
        }
        long start = Stopwatch.GetTimestamp();
        Statistics = Calibrate();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
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
        bool anyQuantized = speed?.AnyQuantized != false;
        if (request.Repairs.Contains("bias") && anyQuantized)
        {
            options = options with { BiasShifts = BiasCorrection.Run(Prepared, Statistics, options, samples, request.Threads, new ProgressBar("bias").Show, cancellation) };
        }
        QuantizationReport.PrecisionFacts? precision = null;
        double? after = null;
        if (request.MaxDrop is { } most && anyQuantized)
        {
            PrecisionResult found = PrecisionSearch.Run(Prepared, Statistics, options, samples, request.Judge.Judge, before, most, request.Threads, new ProgressBar("rank").Show, cancellation);
            (Quantized, after, options) = (found.Model, found.Value, options with { KeepFloat = found.KeepFloat });
            precision = new QuantizationReport.PrecisionFacts(most, found.IsWithin, found.Trials, found.Sensitivities);
        }
        else
        {
            Quantized = StaticQuantizer.Build(Prepared, Statistics, options);
        }
        if (request.QatEpochs > 0 && anyQuantized)
        {
            IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> batches = [.. request.Calibration.Batches];
            var progress = new ProgressBar("train");
            QatResult trained = QatTrainer.Run(Prepared, Statistics, options, batches, new QatOptions { Epochs = request.QatEpochs }, (step, _) => progress.Show(step, batches.Count * request.QatEpochs), cancellation);
            Screen.Note(string.Create(CultureInfo.InvariantCulture, $"trained {trained.Steps} steps: the distance from the float model fell from {trained.FirstLoss:G3} to {trained.LastLoss:G3}"));
            (Quantized, after) = (trained.Model, null);
        }
        string scheme = $"static {(options.Activations ?? options.Target.Activations).ToString().ToLowerInvariant()} activations, int8 weights{(request.QatEpochs > 0 ? ", trained" : "")}";
        return Compare(scheme, options.MethodText, before, after ?? request.Judge.Judge(Quantized.Model), samples) with
        {
            Repairs = request.Repairs,
            Layers = LayerNoise.Measure(Prepared, Quantized, samples, request.Threads),
            Torch = Agreement(samples[0]),
            Speed = speed,
            Precision = precision,
            CalibrationSeconds = seconds,
        };
    }

    private TorchAgreement? Agreement(IReadOnlyDictionary<string, OnnxTensor> sample)
    {
        try
        {
            return Quantized.QuantizedNames.Count == 0 ? null : TorchAgreement.Measure(Quantized.Model, sample);
        }
        catch (Exception e) when (e is TorchUnavailableException or UnsupportedOperatorException or TrainingException)
        {
            Screen.Note($"not compared with libtorch: {e.Message}");
            return null;
        }
    }

    private QuantizationReport Other(double before)
    {
        Quantized = request.Scheme switch
        {
            QuantizationScheme.Dynamic => DynamicQuantizer.Run(Prepared),
            QuantizationScheme.Int8Weights => BlockwiseWeights.Run(Prepared, 8, request.BlockSize),
            QuantizationScheme.Int4Weights => BlockwiseWeights.Run(Prepared, 4, request.BlockSize),
            QuantizationScheme.BFloat16 => BFloat16Weights.Run(Prepared),
            _ => Half(),
        };
        return Compare(request.Scheme.ToString().ToLowerInvariant(), "none", before, request.Judge.Judge(Quantized.Model), request.Calibration.First(1));
    }

    private QuantizedModel Half()
    {
        OnnxModel model = Prepared.Model.Copy();
        int count = new ConvertToFloat16().Run(model);
        return new QuantizedModel(model, [.. Enumerable.Repeat("a node in float16", count)], [], new Dictionary<string, TensorRange>());
    }

    private QuantizationReport Compare(string scheme, string calibration, double before, double after, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples)
    {
        IReadOnlyList<double[]> times = LatencyRace.Run([request.Model.Model, Quantized.Model], samples[0], Math.Max(1, request.Threads), RaceTime);
        return new QuantizationReport
        {
            Model = request.Model.Source,
            Scheme = scheme,
            Target = request.Options.Target.Name,
            Calibration = calibration,
            CalibrationSamples = request.Scheme == QuantizationScheme.Static ? request.Calibration.Count : 0,
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
            Kernels = EngineKernels.Of(Quantized.Model),
            Warnings = Quantized.Warnings,
        };
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
        var facts = new QuantizationFacts
        {
            Scheme = request.Scheme == QuantizationScheme.Static ? "qdq-int8" : report.Scheme,
            Target = report.Target,
            Calibration = report.Calibration,
            CalibrationSamples = report.CalibrationSamples,
            Metric = report.Metric,
            FloatMetric = report.FloatValue,
            QuantizedMetric = report.Int8Value,
            MetricSamples = report.EvaluationSamples,
        };
        if (request.Card is { } card)
        {
            (card with { Quantization = facts }).Write(Quantized.Model);
        }
        else if (SignalCard.Read(request.Model.Model, request.Model.Source) is { } signal)
        {
            (signal with { Quantization = facts }).Write(Quantized.Model);
        }
    }
}
