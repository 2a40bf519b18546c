using Edge.Graph;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests;

public sealed class BatchRunnerTests
{
    private const int Sessions = 4;

    private static readonly SessionSettings OneThread = new() { Threads = 1 };

    [Fact]
    public void Run_SessionsOnThreads_EachGetsWhatItWouldGetAlone()
    {
        const int Each = 50;
        using var alone = new LoadedModel(TestPackage.ConvNetBytes, OneThread);
        using var together = new LoadedModel(TestPackage.ConvNetBytes, OneThread);
        using ModelSession single = alone.CreateSession();
        Assert.True(BatchTrial.HasFreeBatch(alone, single));
        together.UseBatches(Sessions, TimeSpan.FromSeconds(1));
        float[][] inputs = [.. Enumerable.Range(0, Sessions * Each).Select(i => Input(single.Inputs[0].Length, i))];
        float[][] expected = [.. inputs.Select(input => Run(single, input))];
        float[][] actual = new float[inputs.Length][];
        ModelSession[] sessions = [.. Enumerable.Range(0, Sessions).Select(_ => together.CreateSession())];
        Thread[] threads = [.. sessions.Select((session, number) => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                actual[(number * Each) + i] = Run(session, inputs[(number * Each) + i]);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
            {
                Assert.Equal(expected[i][j], actual[i][j], 1e-3 * Math.Max(1, Math.Abs(expected[i][j])));
            }
        }
        // Threads that wait for each other for a second meet in nearly every batch.
        Assert.InRange(together.Batches!.Runs, Each, Sessions * Each * 3 / 4);
        Array.ForEach(sessions, session => session.Dispose());
    }

    [Fact]
    public void Run_OneSessionOfMany_WaitsForNobodyAndAllocatesNothing()
    {
        using var model = new LoadedModel(TestPackage.ConvNetBytes, OneThread);
        model.UseBatches(8, TimeSpan.FromHours(1));
        using ModelSession idle = model.CreateSession();
        using ModelSession busy = model.CreateSession();
        busy.Run();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                busy.Run();
            }
        }));
        Assert.True(model.Batches!.Runs >= 21);
    }

    [Fact]
    public void IsWorthWhile_ModelThatTakesNoBatch_IsFalse()
    {
        // The batch is open at both ends, but what is between them knows one only.
        var graph = new OnnxGraph("stubborn");
        var open = TensorShape.Of(["N", 4]);
        Value x = graph.AddInput("x", ElementType.Float, open);
        Value shape = graph.AddInitializer("shape", OnnxTensor.From<long>([1, 4], 2));
        Value y = graph.AddNode("Reshape", [x, shape], ["y"]).Outputs[0]!;
        y.Type = new TensorType(ElementType.Float, open);
        graph.AddOutput(y);
        using var stubborn = new LoadedModel(new OnnxModel(graph).ToBytes(), OneThread);
        Assert.False(BatchTrial.IsWorthWhile(stubborn, 4, lanes: 1));
        using var closed = new LoadedModel(TestPackage.OneNode("Identity", ElementType.Float, TensorShape.Of(1, 4)), OneThread);
        Assert.False(BatchTrial.IsWorthWhile(closed, 4, lanes: 1));
    }

    [Fact]
    public void Open_BatchAskedFor_IsUsedOrNotButTheResultIsTheSame()
    {
        Package package = TestPackage.Classifier();
        using VisionModel plain = VisionModel.Open(package, OneThread);
        using VisionModel batched = VisionModel.Open(package, OneThread with { MaximumBatch = 4 });
        using VisionRunner one = plain.CreateRunner(), other = batched.CreateRunner();
        foreach (byte[] image in TestPackage.Images(28, 28, 1))
        {
            ClassScore expected = one.Run(image).Classes[0];
            ClassScore actual = other.Run(image).Classes[0];
            Assert.Equal(expected.Index, actual.Index);
            Assert.Equal(expected.Probability, actual.Probability, 1e-4);
        }
    }

    private static float[] Input(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
    }

    private static float[] Run(ModelSession session, float[] input)
    {
        input.CopyTo(session.Input<float>());
        session.Run();
        return session.Output().ToArray();
    }
}
