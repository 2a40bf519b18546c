using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Graph;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Quantizer.Observers;
using Edge.Training.Data;

namespace Edge.Cli.Quantization;

/// <summary>Quantizes a classifier and holds it against the float model: accuracy, bytes and latency.</summary>
/// <param name="Model">The quantized model, with its card.</param>
/// <param name="Report">Before and after.</param>
/// <param name="Float">What the float model says about the test data.</param>
/// <param name="Int8">What the quantized model says about them.</param>
internal sealed record QuantizationWork(OnnxModel Model, QuantizationReport Report, ClassifierEvaluation Float, ClassifierEvaluation Int8)
{
    /// <summary>Quantizes with pictures of the training part, and evaluates on the test part.</summary>
    internal static QuantizationWork Run(OnnxModel model, string source, ModelCard card, DatasetPair data, int calibrationSamples, QuantizationOptions options, int threads, CancellationToken cancellation)
    {
        int samples = Math.Min(calibrationSamples, data.Train.Count);
        QuantizedModel quantized = StaticQuantizer.Quantize(model, PictureBatches.Of(model, card, data.Train, samples), options, cancellation);
        ClassifierEvaluation before = ClassifierEvaluation.Run(model, card, data.Test, source, threads, cancellation);
        ClassifierEvaluation after = ClassifierEvaluation.Run(quantized.Model, card, data.Test, source, threads, cancellation);
        IReadOnlyList<Latency> latencies = Latency.Measure([model, quantized.Model], card, threads);
        string calibration = options.Method == CalibrationMethod.Percentile ? $"percentile {options.Percentile}" : "min-max";
        ModelCard quantizedCard = card with
        {
            Quantization = new QuantizationFacts
            {
                Scheme = "qdq-int8",
                Target = options.Target.Name,
                Calibration = calibration,
                CalibrationSamples = samples,
                Metric = "accuracy",
                FloatMetric = before.Metrics.Accuracy,
                QuantizedMetric = after.Metrics.Accuracy,
                MetricSamples = (int)after.Metrics.Count,
            },
        };
        quantizedCard.Write(quantized.Model);
        var report = new QuantizationReport
        {
            Model = source,
            Scheme = "static int8",
            Metric = "accuracy",
            Target = options.Target.Name,
            Calibration = calibration,
            CalibrationSamples = samples,
            EvaluationSamples = (int)after.Metrics.Count,
            FloatValue = before.Metrics.Accuracy,
            Int8Value = after.Metrics.Accuracy,
            FloatBytes = model.ToBytes().Length,
            Int8Bytes = quantized.Model.ToBytes().Length,
            FloatMs = latencies[0].P50Ms,
            Int8Ms = latencies[1].P50Ms,
            Speedup = latencies[0].P50Ms / latencies[1].P50Ms,
            QuantizedNodes = quantized.QuantizedNodes,
            FloatNodes = [.. quantized.FloatNodes.Select(pair => new QuantizationReport.FloatNode(pair.Description, pair.Reason))],
        };
        return new QuantizationWork(quantized.Model, report, before, after);
    }
}
