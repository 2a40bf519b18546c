using System.Diagnostics;
using Edge.Graph;
using Edge.Quantizer;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.MixedPrecision;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Qat;
using Edge.Quantizer.Repair;
using Edge.Quantizer.Speed;
using Edge.Quantizer.Targets;

namespace Edge.Benchmarks.Quantization;

/// <summary>Takes a model the way <c>edge quantize --speed --max-drop</c> takes it, and measures what came of it.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Model">The float model.</param>
/// <param name="Calibration">Inputs by name.</param>
/// <param name="Metric">What is measured.</param>
/// <param name="Judge">The metric that is reported, on data that chose nothing.</param>
internal sealed record QuantizedCase(string Name, OnnxModel Model, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Calibration, string Metric, Func<OnnxModel, double> Judge)
{
    private const int Samples = 24;
    private const int MostCorrected = 60;
    private const int Ranking = 4;
    private const int Rounding = 12;
    private static readonly TimeSpan RaceTime = TimeSpan.FromSeconds(5);

    /// <summary>The metric that chooses layers; null where none is needed.</summary>
    internal Func<OnnxModel, double>? Search { get; init; }

    internal double MaxDrop { get; init; } = 0.005;

    internal bool Speed { get; init; } = true;

    internal bool Equalize { get; init; }

    /// <summary>Epochs of training with roundings in place; 0 for none.</summary>
    internal int QatEpochs { get; init; }

    internal int SampleCount { get; init; }

    /// <summary>What it is calibrated with and judged by.</summary>
    internal required string Against { get; init; }

    /// <summary>With how many samples <see cref="Search"/> judges.</summary>
    internal int SearchSamples { get; init; }

    /// <summary>Whether weights round as their layers' results want it.</summary>
    internal bool Rounds { get; init; }

    internal ModelFigures Run(out QuantizedModel quantized)
    {
        long start = Stopwatch.GetTimestamp();
        var prepared = PreparedModel.Of(Model);
        IReadOnlyDictionary<string, OnnxTensor>[] samples = [.. Calibration.Take(Samples)];
        if (Equalize)
        {
            CrossLayerEqualization.Run(prepared, samples, 1);
        }
        QuantizationTarget target = QuantizationTarget.CpuX64;
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(target), Calibration, new CalibrationOptions { Threads = 1 });
        (QuantizationOptions options, _) = MethodChoice.Best(prepared, statistics, new QuantizationOptions(), samples, 1);
        OnnxModel naive = StaticQuantizer.Build(prepared, statistics, new QuantizationOptions()).Model;
        IReadOnlyDictionary<string, OnnxTensor>[] single = [.. samples.Select(Single)];
        if (Rounds)
        {
            options = AdaRound.Run(prepared, statistics, options, [.. single.Take(Rounding)], 1);
        }
        LayerChoice choice = LayerChoice.Run(prepared, statistics, options, [.. single.Take(Ranking)], new LayerChoiceOptions
        {
            Speed = Speed,
            MaxDrop = Search is null ? null : MaxDrop,
            Judge = Search,
            FloatValue = Search?.Invoke(Model) ?? 0,
            JudgedSamples = SearchSamples,
        });
        QuantizedModel before = choice.Precision?.Model ?? StaticQuantizer.Build(prepared, statistics, options);
        options = choice.Options;
        bool corrected = false;
        if (choice.AnyQuantized && prepared.Model.Graph.Nodes.Count < MostCorrected)
        {
            // Kept where samples that it has not seen come closer.
            QuantizationOptions repaired = options with { BiasShifts = BiasCorrection.Run(prepared, statistics, options, samples, 1) };
            var noise = new OutputNoise(prepared.Model, [.. Calibration.Skip(Samples).Take(Samples)], 1);
            corrected = noise.Decibels(StaticQuantizer.Build(prepared, statistics, repaired).Model) > noise.Decibels(StaticQuantizer.Build(prepared, statistics, options).Model);
            options = corrected ? repaired : options;
        }
        quantized = QatEpochs > 0
            ? QatTrainer.Run(prepared, statistics, options, [.. Calibration], new QatOptions { Epochs = QatEpochs }).Model
            : StaticQuantizer.Build(prepared, statistics, options);
        // The float model as it was cleaned: what quantization alone gains.
        IReadOnlyList<double[]> times = LatencyRace.Run([prepared.Model, quantized.Model, naive], single[0], 1, RaceTime);
        QuantizedModel result = quantized;
        TorchAgreement? agreement = before.QuantizedNames.Count > 0 ? TorchAgreement.Measure((quantized.QuantizedNames.Count > 0 ? quantized : before).Model, single[0]) : null;
        Node[] layers = [.. prepared.Model.Graph.Nodes.Where(node => target.Computes.Contains(node.OpType))];
        int whole = layers.Count(node => result.QuantizedNames.Contains(node.Name));
        return new ModelFigures
        {
            Name = Name,
            Scheme = $"static int8, {options.MethodText}{(Equalize ? ", equalized" : "")}{(Rounds ? ", adaptive rounding" : "")}{(corrected ? ", biases corrected" : "")}{(QatEpochs > 0 ? ", trained" : "")}{(Search is null ? "" : ", mixed precision")}{(Speed ? ", speed policy" : "")}",
            Metric = Metric,
            FloatValue = Judge(Model),
            Int8Value = Judge(quantized.Model),
            FloatMs = LatencyRace.Median(times[0]),
            Int8Ms = LatencyRace.Median(times[1]),
            Speedup = LatencyRace.Speedup(times[0], times[1]),
            NaiveSpeedup = LatencyRace.Speedup(times[0], times[2]),
            BytesRatio = (double)quantized.Model.ToBytes().Length / Model.ToBytes().Length,
            QuantizedLayers = whole,
            FloatLayers = layers.Length - whole,
            Against = Against,
            Samples = SampleCount,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Load = ModelFigures.CurrentLoad(),
            ValueBeforeSpeed = Speed ? Judge(before.Model) : null,
            LayersBeforeSpeed = Speed ? layers.Count(node => before.QuantizedNames.Contains(node.Name)) : null,
            TorchMaxSteps = agreement?.MaxSteps,
            TorchMeanSteps = agreement?.MeanSteps,
        };
    }

    // The first sample of a batch.
    private static IReadOnlyDictionary<string, OnnxTensor> Single(IReadOnlyDictionary<string, OnnxTensor> batch) => batch.ToDictionary(pair => pair.Key, pair =>
    {
        OnnxTensor tensor = pair.Value;
        return tensor.Dims[0] == 1 ? tensor : new OnnxTensor(tensor.Type, [1, .. tensor.Dims[1..]], tensor.Bytes[..(int)(tensor.Bytes.Length / tensor.Dims[0])]);
    });
}
