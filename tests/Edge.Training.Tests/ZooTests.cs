using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Inference;
using Edge.Torch;
using Edge.Zoo;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class ZooTests
{
    public static TheoryData<string> Names => [.. ZooCatalog.Names];

    /// <summary>Weights that training changes, and all numbers as Keras counts them; both from the papers or the reference code.</summary>
    [Theory]
    [InlineData("convnet", 225_034, 225_034)]
    [InlineData("keras-convnet", 34_826, 34_826)]
    [InlineData("mlp", 101_770, 101_770)]
    [InlineData("lenet5", 61_706, 61_706)]
    [InlineData("resnet8", 78_186, 78_666)]
    [InlineData("ds-cnn", 23_756, 24_908)]
    [InlineData("vww", 216_322, 221_794)]
    [InlineData("mobilenet-v2", 3_504_872, 3_538_984)]
    [InlineData("mobilenet-v3-small", 2_542_856, 2_554_968)]
    [InlineData("dense-autoencoder", 267_928, 269_992)]
    public void Build_Defaults_HasThePublishedNumberOfWeights(string name, long weights, long numbers)
    {
        ZooEntry entry = ZooCatalog.Find(name);
        OnnxModel model = entry.Build(entry.Defaults);
        Assert.Equal(weights, ZooEntry.CountWeights(model));
        Assert.Equal(numbers, ZooEntry.CountNumbers(model));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_Everything_IsValidAndItsShapesAreKnown(string name)
    {
        OnnxModel model = Small(name);
        ModelVerifier.ThrowIfInvalid(model, name);
        string declared = model.Graph.Outputs[0].Shape!.ToString();
        ShapeInference.Run(model);
        Assert.Equal(declared, model.Graph.Outputs[0].Shape!.ToString());
        foreach (Node node in model.Graph.Nodes)
        {
            foreach (Value? output in node.Outputs)
            {
                Assert.True(output is null || output.Shape is { } shape && shape.Dimensions.Skip(name == "lstm-text" || name == "gru-sensor" ? 4 : 1).All(dimension => dimension.Size is not null), $"{node.Describe()}: {output}");
            }
        }
        Assert.Equal(17, model.Opset);
        Assert.Equal(Small(name).ToBytes(), Small(name).ToBytes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_Everything_GivesTheSameInOnnxRuntimeAndLibtorch(string name)
    {
        OnnxModel model = Small(name);
        using var session = new EngineSession(OnnxModel.Parse(model.ToBytes()));
        OnnxTensor input = Random(model.Graph.Inputs[0], 3);
        OnnxTensor expected = session.Run(new Dictionary<string, OnnxTensor> { [model.Graph.Inputs[0].Name] = input })[0];
        using GraphExecutor executor = Executor(model);
        using Tensor x = Tensor.From(input.Type == ElementType.Int64 ? DataType.Int64 : DataType.Float32, input.Bytes.Span, input.Dims);
        using Tensor y = executor.Run(x, training: false);
        float[] actual = y.ToArray<float>();
        Assert.Equal(expected.Dims, y.Shape);
        float scale = expected.ToArray<float>().Max(Math.Abs);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected.AsSpan<float>()[i], actual[i], 1e-4f * Math.Max(1, scale));
        }
    }

    [Fact]
    public void Build_Seed_DecidesTheWeights()
    {
        byte[] first = ZooCatalog.Build("convnet", new ZooOptions { Seed = 1 }).ToBytes();
        Assert.Equal(first, ZooCatalog.Build("convnet", new ZooOptions { Seed = 1 }).ToBytes());
        Assert.NotEqual(first, ZooCatalog.Build("convnet", new ZooOptions { Seed = 2 }).ToBytes());
    }

    [Fact]
    public void Build_LastLayer_HasGlorotsRange()
    {
        float[] weights = ZooCatalog.Build("mlp", new ZooOptions()).Graph.Find("dense2/weight")!.Constant!.ToArray<float>();
        Assert.All(weights, weight => Assert.InRange(weight, -0.2085f, 0.2085f));
        Assert.InRange(weights.Average(), -0.01f, 0.01f);
    }

    [Fact]
    public void LstmText_Padding_ChangesNothing()
    {
        OnnxModel model = LstmText.Build(new ZooOptions { Shape = [8], Vocabulary = 30, Classes = 2 });
        using var session = new EngineSession(model);
        OnnxTensor both = OnnxTensor.From<long>([5, 7, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 2, 8);
        float[] expected = session.Run(new Dictionary<string, OnnxTensor> { ["tokens"] = both })[0].ToArray<float>();
        model.Graph.SetConstant(model.Graph.Find("embedding/weight")!, Changed(model.Graph.Find("embedding/weight")!.Constant!));
        using var changed = new EngineSession(model);
        Assert.Equal(expected, changed.Run(new Dictionary<string, OnnxTensor> { ["tokens"] = both })[0].ToArray<float>());
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));

        // Row 0 is the padding's vector.
        static OnnxTensor Changed(OnnxTensor table)
        {
            float[] values = table.ToArray<float>();
            values.AsSpan(0, (int)table.Dims[1]).Fill(3);
            return OnnxTensor.From<float>(values, table.Dims);
        }
    }

    [Fact]
    public void TcnSensor_EarlierRows_AreAllSeenAndLaterOnesNever()
    {
        OnnxModel model = TcnSensor.Build(new ZooOptions { Shape = [30, 2], Classes = 3, Hidden = 8 });
        using var session = new EngineSession(model);
        float[] zeros = new float[60];
        float[] first = new float[60];
        first[0] = 100;
        Assert.NotEqual(Run(zeros), Run(first));

        float[] Run(float[] window) => session.Run(new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.From<float>(window, 1, 30, 2) })[0].ToArray<float>();
    }

    [Fact]
    public void Build_UnknownName_SuggestsTheNearest()
    {
        var e = Assert.Throws<ZooException>(() => ZooCatalog.Build("convmet", new ZooOptions()));
        Assert.Contains("did you mean 'convnet'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OptionsOutOfRange_AreNamed()
    {
        Assert.Throws<ZooException>(() => ConvNet.Build(new ZooOptions { Height = 9 }));
        Assert.Throws<ZooException>(() => ConvNet.Build(new ZooOptions { Shape = [5] }));
        Assert.Throws<ZooException>(() => ConvNet.Build(new ZooOptions { Classes = 0 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ZooOptions { Dropout = 1 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ZooOptions { Channels = 0 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ZooOptions { Height = 4096, Width = 4096 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ZooOptions { Shape = [1 << 20, 1 << 20] }));
        Assert.Throws<ZooException>(() => GruSensor.Build(new ZooOptions()));
        Assert.Throws<ZooException>(() => LstmText.Build(new ZooOptions { Shape = [3, 3] }));
        Assert.Throws<ZooException>(() => ConvAutoencoder.Build(new ZooOptions { Height = 30, Width = 30 }));
        Assert.Throws<ZooException>(() => Dcgan.BuildGenerator(new ZooOptions { Height = 30, Width = 30 }));
        Assert.Throws<ZooException>(() => MobileNetV2.Build(new ZooOptions { Height = 64, Width = 64, Multiplier = 9 }));
    }

    private static GraphExecutor Executor(OnnxModel model)
    {
        try
        {
            return new GraphExecutor(model);
        }
        catch (UnsupportedOperatorException e)
        {
            Assert.Skip($"skipped: {e.Message}");
            throw;
        }
    }

    /// <summary>As published, but small where images are large.</summary>
    private static OnnxModel Small(string name)
    {
        ZooEntry entry = ZooCatalog.Find(name);
        ZooOptions options = entry.Defaults.Height > 100 ? entry.Defaults with { Height = 64, Width = 64, Classes = 5, Multiplier = 0.5 } : entry.Defaults;
        return entry.Build(options with { Vocabulary = 50 });
    }

    private static OnnxTensor Random(Value input, int batch)
    {
        long[] dims = [batch, .. input.Shape!.Dimensions.Skip(1).Select(dimension => dimension.Size!.Value)];
        var random = new Random(5);
        int length = (int)dims.Aggregate(1L, (product, size) => product * size);
        return input.ElementType == ElementType.Int64
            ? OnnxTensor.From<long>([.. Enumerable.Range(0, length).Select(i => i % 64 > 40 ? 0L : random.Next(50))], dims)
            : OnnxTensor.From<float>([.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() * 2) - 1)], dims);
    }
}
