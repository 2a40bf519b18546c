using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

public sealed class SimplifyTests
{
    [Fact]
    public void MoveConstantsToInitializers_ConstantNode_IsAnInitializerOfThatName()
    {
        var net = new Net();
        Value x = net.Input("x", 2, 3);
        Value one = net.Op("Constant", a => a.Set("value_floats", [1f, 2f, 3f]));
        OnnxModel model = net.Output(net.Op("Add", x, one));
        string name = one.Name;
        Assert.Equal(["Add"], PassCheck.Applies(new MoveConstantsToInitializers(), model));
        Assert.True(model.Graph.Find(name)!.IsConstant);
    }

    [Fact]
    public void MoveConstantsToInitializers_ConstantThatIsGivenOut_Stays()
    {
        var net = new Net();
        PassCheck.LeavesAlone(new MoveConstantsToInitializers(), net.Output(net.Op("Constant", a => a.Set("value_float", 1f))));
    }

    [Fact]
    public void RemoveNoOpCast_SameType_IsRemoved()
    {
        var net = new Net();
        Value x = net.Input("x", 2);
        Assert.Equal(["Relu"], PassCheck.Applies(new RemoveNoOpCast(), net.Output(net.Op("Relu", net.Op("Cast", a => a.Set("to", 1L), x)))));
    }

    [Fact]
    public void RemoveNoOpCast_ThereAndBackThroughAWiderType_IsRemoved()
    {
        var net = new Net();
        Value wide = net.Op("Cast", a => a.Set("to", 11L), net.Input("x", 2));
        Value back = net.Op("Cast", a => a.Set("to", 1L), wide);
        var pipeline = new PassPipeline(new RemoveNoOpCast(), new RemoveDeadCode());
        OnnxModel model = net.Output(net.Op("Relu", back));
        Edge.Graph.Inference.ShapeInference.Run(model);
        pipeline.Run(model);
        Assert.Equal(["Relu"], PassCheck.Operators(model));
    }

    [Theory]
    [InlineData(6L)]
    [InlineData(10L)]
    public void RemoveNoOpCast_ThroughANarrowerType_IsLeftAlone(long narrow)
    {
        var net = new Net();
        Value narrowed = net.Op("Cast", a => a.Set("to", narrow), net.Input("x", 2));
        PassCheck.LeavesAlone(new RemoveNoOpCast(), net.Output(net.Op("Cast", a => a.Set("to", 1L), narrowed)));
    }

    [Fact]
    public void SimplifyTranspose_TwoInARow_BecomeOneOrNone()
    {
        var net = new Net();
        Value x = net.Input("x", 2, 3, 4, 5);
        Value first = net.Op("Transpose", a => a.Set("perm", [0, 2, 3, 1]), x);
        Value none = net.Op("Relu", net.Op("Transpose", a => a.Set("perm", [0, 3, 1, 2]), first));
        Value one = net.Op("Transpose", a => a.Set("perm", [0, 2, 3, 1]), first);
        Assert.Equal(["Relu", "Transpose"], PassCheck.Applies(new SimplifyTranspose(), net.Output(none, one)));
    }

    [Fact]
    public void SimplifyTranspose_ThatMovesSomething_IsLeftAlone()
    {
        var net = new Net();
        PassCheck.LeavesAlone(new SimplifyTranspose(), net.Output(net.Op("Transpose", net.Input("x", 2, 3))));
    }

    [Fact]
    public void SimplifyTranspose_IdentityFromInputToOutput_IsLeftAlone()
    {
        var net = new Net();
        PassCheck.LeavesAlone(new SimplifyTranspose(), net.Output(net.Op("Transpose", a => a.Set("perm", [0, 1]), net.Input("x", 2, 3))));
    }

    [Fact]
    public void SimplifyReshape_Chain_IsOneReshape()
    {
        var net = new Net();
        Value flat = net.Op("Flatten", net.Op("Relu", net.Input("x", "batch", 3, 4, 5)));
        Value up = net.Op("Unsqueeze", flat, net.Longs(1));
        Value last = net.Op("Reshape", up, net.Longs(-1, 4, 15));
        Assert.Equal(["Relu", "Reshape"], PassCheck.Applies(new SimplifyReshape(), net.Output(last)));
    }

    [Fact]
    public void SimplifyReshape_ToTheSameShape_IsRemoved()
    {
        var net = new Net();
        Value x = net.Op("Relu", net.Input("x", "batch", 3, 4));
        Value y = net.Op("Relu", net.Op("Reshape", x, net.Longs(-1, 3, 4)));
        Assert.Equal(["Relu", "Relu"], PassCheck.Applies(new SimplifyReshape(), net.Output(y)));
    }

    [Fact]
    public void SimplifyReshape_ComputedShapeWithOneOpenAxis_BecomesConstant()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3, 4);
        Value batch = net.Op("Gather", net.Op("Shape", x), net.Longs(0));
        Value shape = net.Op("Concat", a => a.Set("axis", 0L), batch, net.Longs(12));
        Assert.Equal(["Reshape"], PassCheck.Applies(new SimplifyReshape(), net.Output(net.Op("Reshape", x, shape))));
    }

    [Fact]
    public void SimplifyReshape_TwoOpenAxes_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", "a", "b", 4);
        Value y = net.Op("Reshape", net.Op("Relu", x), net.Longs(0, 0, 2, 2));
        PassCheck.LeavesAlone(new SimplifyReshape(), net.Output(net.Op("Reshape", y, net.Op("Shape", x))));
    }

    [Fact]
    public void RemoveNoOpPad_Zeros_IsRemoved()
    {
        var net = new Net();
        Assert.Equal(["Relu"], PassCheck.Applies(new RemoveNoOpPad(), net.Output(net.Op("Relu", net.Op("Pad", net.Input("x", 2, 3), net.Longs(0, 0, 0, 0))))));
    }

    [Fact]
    public void RemoveNoOpPad_Attribute_IsRemovedAndOthersStay()
    {
        var net = new Net(10);
        Value x = net.Input("x", 2, 3);
        Value y = net.Op("Relu", net.Op("Pad", a => a.Set("pads", [0, 0, 0, 0]), x));
        Value z = net.Op("Pad", a => a.Set("pads", [0, 1, 0, 0]), x);
        Assert.Equal(["Relu", "Pad"], PassCheck.Applies(new RemoveNoOpPad(), net.Output(y, z)));
    }

    [Fact]
    public void RemoveNoOpSlice_Everything_IsRemoved()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3);
        Value y = net.Op("Slice", x, net.Longs(0, 0), net.Longs(long.MaxValue, 3), net.Longs(0, 1), net.Longs(1, 1));
        Assert.Equal(["Relu"], PassCheck.Applies(new RemoveNoOpSlice(), net.Output(net.Op("Relu", y))));
    }

    [Fact]
    public void RemoveNoOpSlice_PartOrBackwards_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3);
        Value part = net.Op("Slice", x, net.Longs(0), net.Longs(2), net.Longs(1));
        Value backwards = net.Op("Slice", x, net.Longs(-1), net.Longs(-100), net.Longs(1), net.Longs(-1));
        PassCheck.LeavesAlone(new RemoveNoOpSlice(), net.Output(net.Op("Relu", part), net.Op("Relu", backwards)));
    }

    [Fact]
    public void RemoveNoOpExpand_ToItsOwnShape_IsRemoved()
    {
        var net = new Net();
        Value x = net.Op("Relu", net.Input("x", "batch", 3));
        Value y = net.Op("Tile", net.Op("Expand", x, net.Longs(1, 3)), net.Longs(1, 1));
        var both = net.Output(net.Op("Relu", y));
        Assert.Equal(["Relu", "Relu"], PassCheck.Applies(new RemoveNoOpExpand(), both));
    }

    [Fact]
    public void RemoveNoOpExpand_OpenOrLarger_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 1);
        PassCheck.LeavesAlone(new RemoveNoOpExpand(), net.Output(net.Op("Expand", x, net.Longs(1, 3)), net.Op("Expand", x, net.Longs(2, 1)), net.Op("Expand", x, net.Longs(1, 1, 1))));
    }

    [Theory]
    [InlineData("Mul", 1f)]
    [InlineData("Div", 1f)]
    [InlineData("Add", 0f)]
    [InlineData("Sub", 0f)]
    [InlineData("Pow", 1f)]
    public void RemoveNoOpArithmetic_NeutralConstant_IsRemoved(string opType, float neutral)
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3);
        Value y = net.Op(opType, x, net.Floats([neutral, neutral, neutral], 1, 3));
        Assert.Equal(["Relu"], PassCheck.Applies(new RemoveNoOpArithmetic(), net.Output(net.Op("Relu", y))));
    }

    [Fact]
    public void RemoveNoOpArithmetic_WhereShapeOrValueChanges_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3);
        Value[] values =
        [
            net.Op("Mul", x, net.Floats([1, 1], 2, 1)),
            net.Op("Add", x, net.Floats([0], 1, 1, 1)),
            net.Op("Sub", net.Number(0), x),
            net.Op("Div", net.Number(1), x),
            net.Op("Mul", x, net.Floats([1, 1, 2], 3)),
        ];
        PassCheck.LeavesAlone(new RemoveNoOpArithmetic(), net.Output([.. values.Select(value => net.Op("Relu", value))]));
    }

    [Fact]
    public void JoinConstantArithmetic_MulMulDivAndAddAdd_BecomeOneEach()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3);
        Value product = net.Op("Div", net.Op("Mul", net.Op("Mul", x, net.Positive(1, 3)), net.Number(0.1f)), net.Number(3));
        Value sum = net.Op("Add", net.Weights(3), net.Op("Add", x, net.Number(2)));
        Value quotient = net.Op("Mul", net.Op("Div", x, net.Number(7)), net.Positive(3));
        OnnxModel model = net.Output(product, sum, quotient);
        OnnxModel source = OnnxModel.Parse(model.ToBytes());
        new PassPipeline(new JoinConstantArithmetic()).Run(model);
        Assert.Equal(["Mul", "Add", "Mul"], PassCheck.Operators(model));
        PassCheck.IsProven(source, model);
    }

    [Fact]
    public void JoinConstantArithmetic_SizesThatMultiplyOrReadBetween_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 4, 3);
        Value outer = net.Op("Mul", net.Op("Mul", x, net.Positive(1, 3)), net.Positive(4, 1));
        Value between = net.Op("Add", x, net.Number(1));
        Value reversed = net.Op("Div", net.Number(2), net.Op("Div", net.Number(3), x));
        PassCheck.LeavesAlone(new JoinConstantArithmetic(), net.Output(outer, net.Op("Relu", between), net.Op("Add", between, net.Number(2)), reversed, net.Op("Mul", net.Op("Add", x, net.Number(1)), net.Number(2))));
    }

    [Fact]
    public void ForwardThroughConcat_SliceOfOnePart_ReadsThePart()
    {
        var net = new Net();
        Value x = net.Op("Relu", net.Input("x", "batch", 2));
        Value joined = net.Op("Concat", a => a.Set("axis", 1L), net.Op("Neg", x), x);
        Value first = net.Op("Exp", net.Op("Slice", joined, net.Longs(0), net.Longs(2), net.Longs(-1)));
        Value last = net.Op("Exp", net.Op("Slice", joined, net.Longs(-2), net.Longs(long.MaxValue), net.Longs(1)));
        Assert.Equal(["Relu", "Neg", "Exp", "Exp"], PassCheck.Applies(new ForwardThroughConcat(), net.Output(first, last)));
    }

    [Fact]
    public void ForwardThroughConcat_SliceAcrossParts_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 2);
        Value joined = net.Op("Concat", a => a.Set("axis", 1L), x, x);
        PassCheck.LeavesAlone(new ForwardThroughConcat(), net.Output(
            net.Op("Slice", joined, net.Longs(1), net.Longs(3), net.Longs(1)), net.Op("Slice", joined, net.Longs(0), net.Longs(1), net.Longs(0)), net.Op("Slice", joined, net.Longs(0), net.Longs(4), net.Longs(1), net.Longs(2))));
    }

    [Fact]
    public void RemoveJoinOfOne_ConcatSumAndSplitOfOne_AreRemoved()
    {
        var net = new Net();
        Value x = net.Op("Concat", a => a.Set("axis", 0L), net.Op("Relu", net.Input("x", 4)));
        Value y = net.Op("Split", net.Op("Sum", x));
        Assert.Equal(["Relu", "Relu"], PassCheck.Applies(new RemoveJoinOfOne(), net.Output(net.Op("Relu", y))));
    }

    [Fact]
    public void RemoveJoinOfOne_ConcatOfTwo_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 4);
        PassCheck.LeavesAlone(new RemoveJoinOfOne(), net.Output(net.Op("Concat", a => a.Set("axis", 0L), x, x)));
    }

    [Fact]
    public void SimplifyClip_ReluThenClip_IsOneClip()
    {
        var net = new Net();
        Value x = net.Op("Mul", net.Input("x", 1, 64), net.Number(8));
        Value y = net.Op("Clip", net.Op("Relu", x), null, net.Number(6));
        Assert.Equal(["Mul", "Clip"], PassCheck.Applies(new SimplifyClip(), net.Output(y)));
    }

    [Fact]
    public void SimplifyClip_MaxThenMin_IsOneClip()
    {
        var net = new Net();
        Value y = net.Op("Min", net.Number(1), net.Op("Max", net.Input("x", 1, 64), net.Number(-0.5f)));
        Assert.Equal(["Clip"], PassCheck.Applies(new SimplifyClip(), net.Output(y)));
    }

    [Fact]
    public void SimplifyClip_ClipWithinClipOfOpset9_LosesTheOuterOne()
    {
        var net = new Net(9);
        Value inner = net.Op("Clip", a => { a.Set("min", 0f); a.Set("max", 1f); }, net.Input("x", 1, 64));
        Value y = net.Op("Relu", inner);
        Assert.Equal(["Clip"], PassCheck.Applies(new SimplifyClip(), net.Output(y)));
    }

    [Fact]
    public void SimplifyClip_InnerOneReadByOthersOrLimitNotConstant_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 64);
        Value relu = net.Op("Relu", x);
        Value limit = net.Input("limit");
        PassCheck.LeavesAlone(new SimplifyClip(), net.Output(net.Op("Neg", relu), net.Op("Clip", relu, null, net.Number(6)), net.Op("Clip", net.Op("Relu", x), null, limit)));
    }

    [Fact]
    public void MergeEqualNodes_SameOperatorInputsAndAttributes_BecomeOne()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 8);
        Value a = net.Op("LeakyRelu", map => map.Set("alpha", 0.3f), net.Op("Mul", x, net.Number(0.5f)));
        Value b = net.Op("LeakyRelu", map => map.Set("alpha", 0.3f), net.Op("Mul", x, net.Number(0.5f)));
        Assert.Equal(["Mul", "LeakyRelu", "Add"], PassCheck.Applies(new MergeEqualNodes(), net.Output(net.Op("Add", a, b))));
    }

    [Fact]
    public void MergeEqualNodes_DifferentAttributesRandomOrBothGivenOut_AreLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 8);
        Value[] values =
        [
            net.Op("LeakyRelu", a => a.Set("alpha", 0.3f), x), net.Op("LeakyRelu", a => a.Set("alpha", 0.2f), x),
            net.Op("RandomNormalLike", x), net.Op("RandomNormalLike", x),
            net.Op("Relu", x), net.Op("Relu", x),
        ];
        PassCheck.LeavesAlone(new MergeEqualNodes(), net.Output(values));
    }

    [Fact]
    public void MergeDuplicateInitializers_EqualTables_BecomeOneAndUniformWeightsStayApart()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 2);
        Value y = net.Op("Add", net.Op("Add", x, net.Floats([1, 2], 2)), net.Floats([1, 2], 2));
        Value z = net.Op("Add", net.Op("Add", y, net.Floats([0, 0], 2)), net.Floats([0, 0], 2));
        Value shaped = net.Op("Reshape", net.Op("Reshape", z, net.Longs(-1)), net.Longs(-1));
        OnnxModel model = net.Output(shaped);
        PassCheck.Applies(new MergeDuplicateInitializers(), model);
        Assert.Equal(4, model.Graph.Initializers.Count);
    }

    [Fact]
    public void MergeDuplicateInitializers_LargeWeightsOfTwoBranches_MoveToTheGraphAround()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 512);
        float[] data = GraphFixtures.Random(new Random(3), -1, 512).ToArray<float>();
        OnnxGraph Branch(string opType)
        {
            var branch = new OnnxGraph(opType, net.Graph);
            Value weight = branch.AddInitializer(opType + "_w", OnnxTensor.From<float>(data, 512));
            Value made = branch.AddNode(opType, [x, weight], [opType + "_out"]).Outputs[0]!;
            made.Type = new TensorType(ElementType.Float, null);
            branch.AddOutput(made);
            return branch;
        }
        Node choice = net.Graph.AddNode("If", [net.Input("flag", ElementType.Bool)], ["y"]);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, Branch("Add")));
        choice.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, Branch("Mul")));
        OnnxModel model = net.Output(choice.Outputs[0]!);
        PassCheck.Applies(new MergeDuplicateInitializers(), model);
        Assert.Single(model.Graph.Initializers);
        Assert.All(model.Graph.WithSubgraphs().Skip(1), branch => Assert.Empty(branch.Initializers));
    }

    [Fact]
    public void MergeDuplicateInitializers_DifferentContentOrType_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 2);
        Value y = net.Op("Add", net.Op("Add", x, net.Floats([1, 2], 2)), net.Floats([1, 2], 1, 2));
        PassCheck.LeavesAlone(new MergeDuplicateInitializers(), net.Output(net.Op("Add", y, net.Floats([1, 3], 2))));
    }

    [Fact]
    public void RemoveUnusedOpsets_ImportWithoutNodes_IsRemoved()
    {
        var net = new Net();
        OnnxModel model = net.Output(net.Op("Relu", net.Input("x", 2)));
        model.Opsets["ai.onnx.ml"] = 2;
        Assert.Equal(1, new RemoveUnusedOpsets().Run(model));
        Assert.Equal([""], model.Opsets.Keys);
        Assert.Equal(0, new RemoveUnusedOpsets().Run(model));
    }

    [Fact]
    public void RemoveDropout_MaskReadOrTraining_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 2);
        Node masked = net.Graph.AddNode("Dropout", [x], ["kept", "mask"]);
        masked.Outputs[1]!.Type = new TensorType(ElementType.Bool, null);
        Value trains = net.Graph.AddInitializer("yes", OnnxTensor.Scalar(true));
        Value y = net.Op("Relu", net.Op("Dropout", x, net.Graph.AddInitializer("half", OnnxTensor.Scalar(0.5f)), trains));
        PassCheck.LeavesAlone(new RemoveDropout(), net.Output(net.Op("Relu", masked.Outputs[0]), masked.Outputs[1]!, y));
    }

    [Fact]
    public void RemoveIdentity_ChainInsideABranch_IsRemovedThere()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 3);
        Value flag = net.Input("flag", ElementType.Bool);
        OnnxGraph Branch(string opType)
        {
            var branch = new OnnxGraph(opType, net.Graph);
            Value inner = branch.AddNode("Identity", [x], [opType + "_in"]).Outputs[0]!;
            Value made = branch.AddNode(opType, [inner], [opType + "_out"]).Outputs[0]!;
            made.Type = new TensorType(ElementType.Float, null);
            branch.AddOutput(made);
            return branch;
        }
        Node choice = net.Graph.AddNode("If", [flag], ["y"]);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, Branch("Relu")));
        choice.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, Branch("Neg")));
        OnnxModel model = net.Output(choice.Outputs[0]!);
        Assert.Equal(["If"], PassCheck.Applies(new RemoveIdentity(), model));
        Assert.All(model.Graph.WithSubgraphs().Skip(1), branch => Assert.Single(branch.Nodes));
    }
}
