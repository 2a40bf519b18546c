using System.Diagnostics;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer;
using Edge.Quantizer.Speed;
using Edge.Testing;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;
using Edge.Zoo;

namespace Edge.Benchmarks.Quantization;

/// <summary>A recurrent net that tells spam from other messages, under schemes that need no calibration.</summary>
internal static class TextCase
{
    private static readonly Lazy<(OnnxModel Model, Dataset Test)> Trained = new(Train);

    internal static ModelFigures Run(string name, Func<PreparedModel, QuantizedModel> scheme)
    {
        long start = Stopwatch.GetTimestamp();
        (OnnxModel model, Dataset test) = Trained.Value;
        OnnxModel quantized = scheme(PreparedModel.Of(model)).Model;
        IReadOnlyList<double[]> times = LatencyRace.Run([model, quantized], new Dictionary<string, OnnxTensor>(), 1, TimeSpan.FromSeconds(2));
        return new ModelFigures
        {
            Name = name,
            Scheme = name[5..],
            Metric = "accuracy",
            FloatValue = Accuracy(model, test),
            Int8Value = Accuracy(quantized, test),
            FloatMs = LatencyRace.Median(times[0]),
            Int8Ms = LatencyRace.Median(times[1]),
            Speedup = LatencyRace.Speedup(times[0], times[1]),
            BytesRatio = (double)quantized.ToBytes().Length / model.ToBytes().Length,
            QuantizedLayers = 0,
            FloatLayers = 0,
            Against = "not calibrated; judged by a quarter of the messages, which training did not see",
            Samples = test.Count,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Load = ModelFigures.CurrentLoad(),
        };
    }

    private static (OnnxModel, Dataset) Train()
    {
        string path = Path.Combine(Repository.Root, "..", "shared", "data", "data", "sms-spam", "SMSSpamCollection.first4000");
        TextDataset all = TextDataset.Load(path, new TextOptions { Length = 48, LowerCase = false });
        DatasetSplit split = all.Split(0, 0.25, 1);
        ZooEntry entry = ZooCatalog.Find("lstm-text");
        OnnxModel model = entry.Build(entry.Defaults with { Shape = [48], Vocabulary = all.Vocabulary.Count, Embedding = 32, Hidden = 48 });
        var options = new TrainerOptions { Epochs = 3, BatchSize = 32, ClipNorm = 1, Optimizer = new AdamOptions { LearningRate = 3e-3 }, Schedule = new OneCycleSchedule(), ValidationFraction = 0 };
        using var trainer = new Trainer(model, split with { Test = null }, options);
        trainer.Run();
        return (model, split.Test!);
    }

    private static double Accuracy(OnnxModel model, Dataset data)
    {
        using var session = new EngineSession(model, new EngineOptions { Threads = 1 });
        var buffer = new SampleBuffer(data);
        int right = 0;
        for (int index = 0; index < data.Count; index++)
        {
            buffer.Read(index);
            OnnxTensor output = session.Run(new Dictionary<string, OnnxTensor> { [session.InputNames[0]] = OnnxTensor.From<long>(buffer.Input<long>(), 1, buffer.Input<long>().Length) })[0];
            right += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(output.AsSpan<float>()) == data.ClassOf(index) ? 1 : 0;
        }
        return (double)right / data.Count;
    }
}
