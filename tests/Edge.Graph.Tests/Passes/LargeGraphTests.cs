using System.Diagnostics;
using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

public sealed class LargeGraphTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10_000)]
    [InlineData(20_000)]
    [InlineData(40_000)]
    public void ForDeployment_LongChain_IsCleanedWholly(int nodes)
    {
        OnnxModel model = Chain(nodes);
        long start = Stopwatch.GetTimestamp();
        PassPipeline.ForDeployment.Run(model);
        output.WriteLine($"{nodes} nodes became {model.Graph.Nodes.Count} in {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s");
        Assert.DoesNotContain(model.Graph.Nodes, node => node.OpType is "Identity" or "Transpose" or "Shape" or "Gather" or "BatchNormalization");
        Assert.Empty(ModelVerifier.Verify(model));
    }

    // Blocks of ten nodes, each with something that a pass removes.
    internal static OnnxModel Chain(int nodes)
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 2, 4, 4);
        for (int block = 0; block < nodes / 10; block++)
        {
            Value conv = net.Norm(net.Op("Conv", x, net.Weights(2, 2, 1, 1)), 2);
            Value turned = net.Op("Transpose", a => a.Set("perm", [0, 2, 3, 1]), net.Op("Relu", net.Op("Identity", conv)));
            Value back = net.Op("Transpose", a => a.Set("perm", [0, 3, 1, 2]), turned);
            Value size = net.Op("Gather", net.Op("Shape", back), net.Longs(2));
            Value scale = net.Op("Cast", a => a.Set("to", 1L), size);
            x = net.Op("Sigmoid", net.Op("Mul", back, scale));
        }
        return net.Output(x);
    }
}
