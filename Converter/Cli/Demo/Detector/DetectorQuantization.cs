using Edge.Cli.Evaluation.Detection;
using Edge.Cli.Models;
using Edge.Cli.Training;
using Edge.Graph;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Training.Data;

namespace Edge.Cli.Demo.Detector;

/// <summary>A detector on 8 bits, calibrated with pictures that it was trained with.</summary>
internal static class DetectorQuantization
{
    private const int BatchSize = 20;

    /// <summary>Quantizes.</summary>
    /// <param name="trained">The float detector, with its data.</param>
    /// <param name="samples">How many pictures show what values there are.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    internal static QuantizedModel Run(TrainOutcome trained, int samples, CancellationToken cancellation)
    {
        Dataset plain = trained.Data.Train.WithoutAugmentation();
        return StaticQuantizer.Quantize(trained.Model, Batches(plain.Take(samples), trained.Model.Graph.Inputs[0].Name), new QuantizationOptions(), cancellation);
    }

    /// <summary>The card of the quantized model: the float model's, with what quantization cost.</summary>
    internal static ModelCard Card(ModelCard card, int samples, DetectionResult before, DetectionResult after) => card with
    {
        Quantization = new QuantizationFacts
        {
            Scheme = "qdq-int8",
            Target = new QuantizationOptions().Target.Name,
            Calibration = "min-max",
            CalibrationSamples = samples,
            Metric = "ap50",
            FloatMetric = before.Metrics.Ap50 ?? 0,
            QuantizedMetric = after.Metrics.Ap50 ?? 0,
            MetricSamples = after.Pictures.Count,
        },
    };

    private static IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Batches(Dataset data, string input)
    {
        var buffer = new SampleBuffer(data);
        Field field = data.Inputs[0];
        for (int start = 0; start < data.Count; start += BatchSize)
        {
            int count = Math.Min(BatchSize, data.Count - start);
            float[] values = new float[count * field.Length];
            for (int i = 0; i < count; i++)
            {
                buffer.Read(start + i);
                buffer.Input<float>().CopyTo(values.AsSpan(i * field.Length));
            }
            yield return new Dictionary<string, OnnxTensor> { [input] = OnnxTensor.From<float>(values, field.Batched(count)) };
        }
    }
}
