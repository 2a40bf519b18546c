using Edge.Graph.Execution;

namespace Edge.Graph.Tests.Passes;

public sealed class ModelProofTests
{
    [Fact]
    public void Compare_SameModel_IsProvenWithoutDifference()
    {
        ProofResult proof = ModelProof.Compare(GraphFixtures.ConvNormRelu(), GraphFixtures.ConvNormRelu());
        Assert.Equal(ProofVerdict.Proven, proof.Verdict);
        Assert.Equal(2, proof.Runs);
        Assert.Equal(0, Assert.Single(proof.Outputs).MaximumAbsolute);
    }

    [Fact]
    public void Compare_OneWeightDiffers_SaysWhichOutputDiffersMost()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Value shift = model.Graph.Find("shift")!;
        float[] data = shift.Constant!.ToArray<float>();
        data[2] += 10;
        model.Graph.SetConstant(shift, OnnxTensor.From<float>(data, data.Length));
        ProofResult proof = ModelProof.Compare(GraphFixtures.ConvNormRelu(), model);
        Assert.Equal(ProofVerdict.Differs, proof.Verdict);
        Assert.False(proof.IsAcceptable);
        Assert.Contains("output 'y'", proof.Reason, StringComparison.Ordinal);
        Assert.True(proof.Outputs[0].Excess > 1);
        Assert.InRange(proof.Outputs[0].MaximumAbsolute, 5, 11);
    }

    [Fact]
    public void Compare_ModelThatTheEngineRefuses_Differs()
    {
        var net = new Net();
        OnnxModel broken = net.Output(net.Op("Concat", a => a.Set("axis", 5L), net.Input("x", 2)));
        var good = new Net();
        ProofResult proof = ModelProof.Compare(good.Output(good.Op("Relu", good.Input("x", 2))), broken);
        Assert.Equal(ProofVerdict.Differs, proof.Verdict);
        Assert.Contains("refuses", proof.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_OtherShape_Differs()
    {
        static OnnxModel Make(long axis)
        {
            var net = new Net();
            Value y = net.Op("Flatten", a => a.Set("axis", axis), net.Input("x", 2, 3, 4));
            net.Graph.Rename(y, "y");
            return net.Output(y);
        }
        Assert.Contains("is expected", ModelProof.Compare(Make(1), Make(2)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_NotANumberOnBothSides_IsEqual()
    {
        static OnnxModel Make()
        {
            var net = new Net();
            return net.Output(net.Op("Log", net.Op("Sub", net.Input("x", 1, 8), net.Number(100))));
        }
        Assert.Equal(ProofVerdict.Proven, ModelProof.Compare(Make(), Make()).Verdict);
    }

    [Fact]
    public void Compare_RandomOutput_IsLeftOutAndTheRestCompared()
    {
        static OnnxModel Make()
        {
            var net = new Net();
            Value x = net.Input("x", 1, 8);
            return net.Output(net.Op("Relu", x), net.Op("RandomNormalLike", x));
        }
        ProofResult proof = ModelProof.Compare(Make(), Make());
        Assert.Equal(ProofVerdict.Proven, proof.Verdict);
        Assert.Single(proof.RandomOutputs);
        Assert.Single(proof.Outputs);
    }

    [Fact]
    public void Compare_WholeNumbersAndStrings_MustBeEqual()
    {
        static OnnxModel Make(long step)
        {
            var net = new Net();
            Value words = net.Graph.AddInitializer("words", new OnnxTensor([2], ["a"u8.ToArray(), "b"u8.ToArray()]));
            Value index = net.Input("i", ElementType.Int64, 1);
            Value word = net.Op("Gather", words, net.Op("Mod", net.Op("Add", index, net.Longs(step)), net.Longs(2)));
            word.Type = new TensorType(ElementType.String, null);
            return net.Output(word);
        }
        Assert.Equal(ProofVerdict.Proven, ModelProof.Compare(Make(0), Make(2)).Verdict);
        Assert.Equal(ProofVerdict.Differs, ModelProof.Compare(Make(0), Make(1)).Verdict);
    }

    [Fact]
    public void Compare_InputThatCannotBeMadeUp_IsNotComparableButRealInputsAre()
    {
        static OnnxModel Make()
        {
            var net = new Net();
            Value text = net.Input("x", ElementType.String, 1);
            Value y = net.Op("Reshape", text, net.Longs(1, 1));
            y.Type = new TensorType(ElementType.String, null);
            return net.Output(y);
        }
        ProofResult random = ModelProof.Compare(Make(), Make());
        Assert.Equal(ProofVerdict.NotComparable, random.Verdict);
        Assert.Contains("'x'", random.Reason, StringComparison.Ordinal);
        var real = new Dictionary<string, OnnxTensor> { ["x"] = new OnnxTensor([1], ["word"u8.ToArray()]) };
        Assert.Equal(ProofVerdict.Proven, ModelProof.Compare(Make(), Make(), realInputs: [real]).Verdict);
    }

    [Fact]
    public void Compare_SourceThatNeedsALongInput_FindsASizeThatItTakes()
    {
        static OnnxModel Make()
        {
            var net = new Net();
            Value x = net.Input("x", "batch", 1, "samples");
            return net.Output(net.Op("Conv", x, net.Weights(1, 1, 200)));
        }
        Assert.Equal(ProofVerdict.Proven, ModelProof.Compare(Make(), Make()).Verdict);
    }

    [Fact]
    public void Compare_Sequence_IsComparedItemByItem()
    {
        static OnnxModel Make(float last)
        {
            var net = new Net();
            Value x = net.Input("x", 1, 8);
            Value list = net.Op("SequenceConstruct", x, net.Op("Mul", x, net.Number(last)));
            list.Type = new SequenceType(new TensorType(ElementType.Float, null));
            return net.Output(list);
        }
        Assert.Equal(ProofVerdict.Proven, ModelProof.Compare(Make(2), Make(2)).Verdict);
        Assert.Equal(16 * 2, ModelProof.Compare(Make(2), Make(2)).Outputs[0].Elements);
        Assert.Equal(ProofVerdict.Differs, ModelProof.Compare(Make(2), Make(3)).Verdict);
    }

    [Fact]
    public void Compare_EmptyTensors_AreEqual()
    {
        static OnnxModel Make()
        {
            var net = new Net();
            return net.Output(net.Op("Relu", net.Input("x", ElementType.Float, 0, 3)));
        }
        Assert.Equal(ProofVerdict.Proven, ModelProof.Compare(Make(), Make()).Verdict);
    }

    [Fact]
    public void ProofOptions_NegativeTolerance_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new ProofOptions { AbsoluteTolerance = -1 }.Validate());
}
