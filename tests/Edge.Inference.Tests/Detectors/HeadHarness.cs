using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;

namespace Edge.Inference.Tests.Detectors;

/// <summary>A model whose outputs are what a test wants them to be, and the head that reads them.</summary>
internal sealed class HeadHarness : IDisposable
{
    private readonly ModelSession _session;
    private readonly DetectorHead _head;

    internal HeadHarness(string family, int width, int height, int labels, params (string Name, long[] Shape)[] outputs)
    {
        var graph = new OnnxGraph("outputs");
        foreach ((string name, long[] shape) in outputs)
        {
            var type = new TensorType(ElementType.Float, TensorShape.Of([.. shape.Select(s => (Dimension)s)]));
            Value x = graph.AddInput($"in_{name}", ElementType.Float, type.Shape);
            Value y = graph.AddNode("Identity", [x], [name]).Outputs[0]!;
            y.Type = type;
            graph.AddOutput(y);
        }
        _session = new ModelSession(new OnnxModel(graph).ToBytes());
        Context = new HeadContext(
            new InputSpec { Width = width, Height = height, Channels = 3 }, new OutputSpec { Family = family, Threshold = 0.3f }, _session.Outputs, labels, "test");
        try
        {
            _head = DetectorFamilies.Create(Context);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    internal HeadContext Context { get; }

    internal DetectorHead Head => _head;

    internal ModelSession Session => _session;

    internal Span<float> this[int output] => _session.Input<float>(output);

    /// <summary>Fills an output with numbers of a range.</summary>
    internal void Fill(int output, ref SplitMix64 random, double from, double to)
    {
        foreach (ref float value in this[output])
        {
            value = (float)(from + ((to - from) * random.NextDouble()));
        }
    }

    internal Candidate[] Decode(float threshold)
    {
        _session.Run();
        var list = new CandidateList();
        _head.Decode(_session, threshold, list);
        return list.Sorted().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
