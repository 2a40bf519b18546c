using System.Diagnostics;
using Edge.Foundation;
using Edge.Graph;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Benchmarks.Detection;

/// <summary>
/// Decoding and suppression of an output of YOLOv8's usual shape, [1, 84, 8400], beside the loop that one writes first: candidate by
/// candidate, down the columns, into lists.
/// </summary>
internal sealed class DecodeRace : IDisposable
{
    private const int Classes = 80;
    private const int Candidates = 8400;
    private const int Side = 640;
    private const int Most = 300;
    private const float Threshold = 0.25f;
    private const float Overlap = 0.7f;

    private readonly float[] _output = new float[(4 + Classes) * Candidates];
    private readonly ModelSession _session;
    private readonly DetectionPostprocessor _postprocessor;
    private readonly VisionResult _result = new(ModelTask.Detect, 0, Most) { SourceWidth = Side, SourceHeight = Side };

    internal DecodeRace()
    {
        var random = new SplitMix64(8);
        for (int i = 0; i < Candidates; i++)
        {
            for (int row = 0; row < 4 + Classes; row++)
            {
                _output[(row * Candidates) + i] = (float)(row < 2 ? random.NextDouble() * 640 : row < 4 ? 10 + (random.NextDouble() * 200) : 0.05 * random.NextDouble());
            }
            // One in a hundred is sure of something, as in a busy picture.
            if (random.Below(100) == 0)
            {
                _output[((4 + random.Below(Classes)) * Candidates) + i] = (float)(0.25 + (0.7 * random.NextDouble()));
            }
        }
        _session = new ModelSession(Model());
        _output.CopyTo(_session.Input<float>());
        _session.Run();
        var output = new OutputSpec { Family = OutputSpec.YoloV8, Threshold = Threshold, IouThreshold = Overlap };
        _postprocessor = new DetectionPostprocessor(
            new HeadContext(new InputSpec { Width = Side, Height = Side, Channels = 3 }, output, _session.Outputs, 0, "bench"), Most);
    }

    /// <summary>Milliseconds of both, the medians of runs in turn, the bytes that ours allocates, and how many boxes both find.</summary>
    internal (double Ours, double Loop, long Allocated, int OurBoxes, int LoopBoxes) Run(int rounds)
    {
        var ours = new List<double>();
        var loop = new List<double>();
        int ourBoxes = 0, loopBoxes = 0;
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            ourBoxes = Decode();
            ours.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            loopBoxes = Loop().Count;
            loop.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        ours.Sort();
        loop.Sort();
        return (ours[rounds / 2], loop[rounds / 2], Allocations.Of(() => Decode()), ourBoxes, loopBoxes);
    }

    public void Dispose() => _session.Dispose();

    private int Decode()
    {
        _postprocessor.Run(_session, Placement.Stretch(Side, Side, Side, Side), _result);
        return _result.Detections.Length;
    }

    private List<Inference.Detection> Loop()
    {
        var found = new List<Inference.Detection>();
        for (int i = 0; i < Candidates; i++)
        {
            int best = 0;
            for (int number = 1; number < Classes; number++)
            {
                best = _output[((4 + number) * Candidates) + i] > _output[((4 + best) * Candidates) + i] ? number : best;
            }
            float score = _output[((4 + best) * Candidates) + i];
            float x = _output[i], y = _output[Candidates + i], w = _output[(2 * Candidates) + i], h = _output[(3 * Candidates) + i];
            if (score >= Threshold)
            {
                found.Add(new Inference.Detection(new Box(x - (w / 2), y - (h / 2), x + (w / 2), y + (h / 2)), best, score));
            }
        }
        found.Sort((a, b) => b.Score.CompareTo(a.Score));
        var kept = new List<Inference.Detection>();
        foreach (Inference.Detection box in found)
        {
            if (!kept.Any(k => k.Class == box.Class && Box.Overlap(k.Box, box.Box) > Overlap))
            {
                kept.Add(box);
            }
        }
        return kept.Count > Most ? kept[..Most] : kept;
    }

    private static byte[] Model()
    {
        var graph = new OnnxGraph("output");
        var type = new TensorType(ElementType.Float, TensorShape.Of(1, 4 + Classes, Candidates));
        Value x = graph.AddInput("x", ElementType.Float, type.Shape);
        Value y = graph.AddNode("Identity", [x], ["y"]).Outputs[0]!;
        y.Type = type;
        graph.AddOutput(y);
        return new OnnxModel(graph).ToBytes();
    }
}
