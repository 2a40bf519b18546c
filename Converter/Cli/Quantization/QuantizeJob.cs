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
using Edge.Quantizer.Passes;
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
        if (request.Repairs.Contains("smooth"))
        {
            int layers = SmoothQuant.Run(Prepared, request.Calibration.First(RepairSamples), request.Threads);
            Screen.Note($"moved the range of activations into the weights behind {layers} normalizations");
        }
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
        if (request.Repairs.Contains("adaround"))
        {
            options = AdaRound.Run(Prepared, Statistics, options, request.Calibration.First(RepairSamples), request.Threads, new ProgressBar("round").Show, cancellation);
        }
        if (request.Speed)
        {
            Screen.Note("layers will be measured as float and on whole numbers");
        }
        LayerChoice choice = LayerChoice.Run(Prepared, Statistics, options, samples, new LayerChoiceOptions
        {
            Speed = request.Speed,
            MaxDrop = request.MaxDrop,
            Judge = request.Judge.Judge,
            FloatValue = before,
            JudgedSamples = request.Judge.Samples,
            Threads = Math.Max(1, request.Threads),
        }, new ProgressBar("rank").Show, cancellation);
        options = choice.Options;
        bool isCorrected = request.Repairs.Contains("bias") && choice.AnyQuantized;
        if (isCorrected)
        {
            options = options with { BiasShifts = BiasCorrection.Run(Prepared, Statistics, options, samples, request.Threads, new ProgressBar("bias").Show, cancellation) };
        }
        Quantized = StaticQuantizer.Build(Prepared, Statistics, options);
        double? after = request.Speed || isCorrected ? null : choice.Precision?.Value;
        if (request.QatEpochs > 0 && choice.AnyQuantized)
        {
            IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> batches = [.. request.Calibration.Batches];
            var progress = new ProgressBar("train");
            QatResult trained = QatTrainer.Run(Prepared, Statistics, options, batches, new QatOptions { Epochs = request.QatEpochs }, (step, _) => progress.Show(step, batches.Count * request.QatEpochs), cancellation);
            Screen.Note(string.Create(CultureInfo.InvariantCulture, $"trained {trained.Steps} steps: the distance from the float model fell from {trained.FirstLoss:G3} to {trained.LastLoss:G3}"));
            (Quantized, after) = (trained.Model, null);
        }
        string scheme = $"static {(options.Activations ?? options.Target.Activations).ToString().ToLowerInvariant()} activations, int8 weights{(request.QatEpochs > 0 ? ", trained" : "")}";
        double value = after ?? request.Judge.Judge(Quantized.Model);
        return Compare(scheme, options.MethodText, before, value, samples) with
        {
            Repairs = request.Repairs,
            Layers = LayerNoise.Measure(Prepared, Quantized, samples, request.Threads),
            Torch = Agreement(samples[0]),
            Speed = choice.Speed,
            Precision = choice.Precision is { } found ? new QuantizationReport.PrecisionFacts(request.MaxDrop!.Value, found.IsWithin && before - value <= request.MaxDrop, found.Trials, found.Sensitivities) : null,
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
        ModelCard? card = request.FoldsInput ? Folded() : request.Card;
        if (card is not null)
        {
            (card with { Quantization = facts }).Write(Quantized.Model);
        }
        else if (SignalCard.Read(request.Model.Model, request.Model.Source) is { } signal)
        {
            (signal with { Quantization = facts }).Write(Quantized.Model);
        }
    }

    // The picture arrives as the elements that the first layer computes with.
    private ModelCard Folded()
    {
        if (request.Card is not { Input.Dtype: InputType.Float32 } card)
        {
            throw new ToolException($"{request.Model.Source}: --uint8-input is for models of pictures that take float32");
        }
        string input = card.Input.Tensor ?? Quantized.Model.Graph.Inputs.First(value => value.Constant is null).Name;
        AffineParameters map = FoldInput.Run(Quantized.Model, input)
            ?? throw new QuantizationException($"input '{input}' is read as float: its first layer stayed float or takes 16 bits; leave --uint8-input out, or what keeps it float");
        InputType type = Quantized.Model.Graph.Find(input)!.ElementType == ElementType.Int8 ? InputType.Int8 : InputType.UInt8;
        return card with { Input = card.Input with { Dtype = type, Quantization = new InputQuantization { Scale = map.Scale, ZeroPoint = map.ZeroPoint } } };
    }
}
