using System.Diagnostics;
using Edge.Graph.Inference;

namespace Edge.Graph.Tests.Inference;

public sealed class ShapeInferenceTests(ITestOutputHelper output)
{
    [Fact]
    public void Run_ConvNet_KeepsTheBatchAndDividesTheSides()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 3, "height", "width"));
        Value value = x;
        for (int layer = 0; layer < 5; layer++)
        {
            Value weight = graph.AddInitializer($"w{layer}", OnnxTensor.From<float>(new float[8 * (layer == 0 ? 3 : 8)], 8, layer == 0 ? 3 : 8, 1, 1));
            Value conv = graph.AddNode("Conv", [value, weight], [$"conv{layer}"]).Outputs[0]!;
            Node pool = graph.AddNode("MaxPool", [conv], [$"pool{layer}"]);
            pool.Attributes.Set("kernel_shape", [2, 2]);
            pool.Attributes.Set("strides", [2, 2]);
            value = pool.Outputs[0]!;
        }
        Value flat = graph.AddNode("Flatten", [value], ["flat"]).Outputs[0]!;
        graph.AddOutput(flat);
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph));
        Assert.Empty(result.Unknown);
        Assert.Equal("float32[batch,8,height/32,width/32]", value.Type!.ToString());
        Assert.Equal("float32[batch,8*(height/32)*(width/32)]", flat.Type!.ToString());
    }

    [Fact]
    public void Run_FixedInput_BindsTheSymbolEverywhere()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 4));
        Value y = graph.AddInput("y", ElementType.Float, TensorShape.Of("batch", 6));
        Node join = graph.AddNode("Concat", [x, y], ["z"]);
        join.Attributes.Set("axis", 1);
        graph.AddOutput(join.Outputs[0]!);
        join.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of("batch", 10));
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph), new Dictionary<string, TensorShape> { ["x"] = TensorShape.Of(2, 4) });
        Assert.Empty(result.Warnings);
        Assert.Equal("[2,6]", y.Shape!.ToString());
        Assert.Equal("[2,10]", join.Outputs[0]!.Shape!.ToString());
    }

    [Fact]
    public void Run_FixedInputThatIsNone_NamesTheNearest()
    {
        var graph = new OnnxGraph("g");
        graph.AddInput("images", ElementType.Float, TensorShape.Of(1L));
        var model = new OnnxModel(graph);
        ArgumentException error = Assert.Throws<ArgumentException>(() => ShapeInference.Run(model, new Dictionary<string, TensorShape> { ["image"] = TensorShape.Of(1L) }));
        Assert.Contains("is 'images' meant?", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ShapeInference.Run(model, new Dictionary<string, TensorShape> { ["images"] = TensorShape.Of(1, 2) }));
    }

    [Theory]
    [InlineData(new long[] { 0, -1 }, "[batch,height*width]")]
    [InlineData(new long[] { -1, 2 }, "[batch*height*width/2,2]")]
    [InlineData(new long[] { 0, 0, -1, 2 }, "[batch,height,width/2,2]")]
    public void Run_ReshapeOfSymbols_CancelsWhatIsCopied(long[] target, string expected)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", "height", "width"));
        Value y = graph.AddNode("Reshape", [x, graph.AddInitializer("shape", OnnxTensor.From<long>(target, target.Length))], ["y"]).Outputs[0]!;
        ShapeInference.Run(new OnnxModel(graph));
        Assert.Equal(expected, y.Shape!.ToString());
    }

    [Fact]
    public void Run_ShapeArithmetic_ResolvesReshapeAndKnowsTheContent()
    {
        // y = Reshape(x, Concat(Shape(x)[0], 2 * Shape(x)[1], -1)), and the same halved through floats.
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 6, 8));
        Value shape = graph.AddNode("Shape", [x], ["shape"]).Outputs[0]!;
        Value first = graph.AddNode("Gather", [shape, graph.AddInitializer("i0", OnnxTensor.From<long>([0], 1))], ["first"]).Outputs[0]!;
        Value second = graph.AddNode("Gather", [shape, graph.AddInitializer("i1", OnnxTensor.From<long>([1], 1))], ["second"]).Outputs[0]!;
        Node cast = graph.AddNode("Cast", [second], ["real"]);
        cast.Attributes.Set("to", (long)ElementType.Float);
        Value half = graph.AddNode("Mul", [cast.Outputs[0], graph.AddInitializer("half", OnnxTensor.From<float>([0.5f], 1))], ["halved"]).Outputs[0]!;
        Node back = graph.AddNode("Cast", [graph.AddNode("Floor", [half], ["floor"]).Outputs[0]], ["whole"]);
        back.Attributes.Set("to", (long)ElementType.Int64);
        Node join = graph.AddNode("Concat", [first, back.Outputs[0], graph.AddInitializer("rest", OnnxTensor.From<long>([-1], 1))], ["target"]);
        join.Attributes.Set("axis", 0);
        Value y = graph.AddNode("Reshape", [x, join.Outputs[0]], ["y"]).Outputs[0]!;
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph));
        Assert.Equal("[batch,3,16]", y.Shape!.ToString());
        Assert.True(result.TryGetContent(back.Outputs[0]!, out long[] content));
        Assert.Equal([3L], content);
        Assert.False(result.TryGetContent(join.Outputs[0]!, out _));
        Assert.Equal(["batch", "3", "-1"], result.FindContent(join.Outputs[0]!));
    }

    [Fact]
    public void Run_ConcatAndSliceOfSymbols_AddUp()
    {
        var graph = new OnnxGraph("g");
        Value past = graph.AddInput("past", ElementType.Float, TensorShape.Of("batch", "past", 64));
        Value now = graph.AddInput("now", ElementType.Float, TensorShape.Of("batch", "sequence", 64));
        Node join = graph.AddNode("Concat", [past, now], ["all"]);
        join.Attributes.Set("axis", 1);
        Value start = graph.AddInitializer("start", OnnxTensor.From<long>([1], 1));
        Value end = graph.AddInitializer("end", OnnxTensor.From<long>([long.MaxValue], 1));
        Value slice = graph.AddNode("Slice", [join.Outputs[0], start, end, start], ["tail"]).Outputs[0]!;
        ShapeInference.Run(new OnnxModel(graph));
        Assert.Equal("[batch,past+sequence,64]", join.Outputs[0]!.Shape!.ToString());
        Assert.Equal("[batch,past+sequence-1,64]", slice.Shape!.ToString());
    }

    [Fact]
    public void Run_DeclaredTypeThatIsWrong_IsAWarningAndTheInferredOneWins()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Graph.Find("conv")!.Type = new TensorType(ElementType.Float, TensorShape.Of("n", 5, 6, 6));
        InferenceResult result = ShapeInference.Run(model);
        Assert.Equal(["Conv node 'conv1': 'conv' is float32[batch,4,6,6] and declared as float32[n,5,6,6]"], result.Warnings.Select(warning => warning.ToString()));
        Assert.Equal("[batch,4,6,6]", model.Graph.Find("conv")!.Shape!.ToString());
    }

    [Fact]
    public void Run_UnknownOperator_KeepsWhatIsDeclaredOrSaysWhy()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 4));
        Node custom = graph.AddNode("Magic", [x], ["y"], "magic1", domain: "my.domain");
        Value relu = graph.AddNode("Relu", [custom.Outputs[0]], ["z"]).Outputs[0]!;
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph));
        Assert.Contains("my.domain.Magic node 'magic1': Edge has no shape rule for the operator", result.Unknown.Select(unknown => unknown.Reason));
        Assert.Contains("Relu node 'z': the shape of its input 'y' is not known", result.Unknown.Select(unknown => unknown.Reason));
        custom.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of("n", 7));
        Assert.Empty(ShapeInference.Run(new OnnxModel(graph)).Unknown);
        Assert.Equal("float32[n,7]", relu.Type!.ToString());
    }

    [Fact]
    public void Run_OpenInputAndDataDependentSize_GetSymbolsWithAMeaning()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(Dimension.Unknown, 4));
        Value relu = graph.AddNode("Relu", [x], ["r"]).Outputs[0]!;
        Value found = graph.AddNode("NonZero", [relu], ["/n/found"]).Outputs[0]!;
        Node turned = graph.AddNode("Transpose", [found], ["turned"]);
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph));
        Assert.Equal("[x.0,4]", relu.Shape!.ToString());
        Assert.Equal("[?,4]", x.Shape!.ToString());
        Assert.Equal("[n_found.1,2]", turned.Outputs[0]!.Shape!.ToString());
        Assert.Equal("NonZero node '/n/found': how many elements are not zero", result.Symbols["n_found.1"]);
        Assert.Equal([x], result.Unknown.Select(unknown => unknown.Value));
    }

    [Fact]
    public void Run_LoopThatGrowsItsState_GivesUpTheAxisThatChanges()
    {
        var graph = new OnnxGraph("g");
        Value count = graph.AddInput("count", ElementType.Int64, TensorShape.Scalar);
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 4));
        Node loop = graph.AddNode("Loop", [count, null, x], ["last", "items"]);
        var body = new OnnxGraph("body", graph);
        body.AddInput("i", ElementType.Int64, TensorShape.Scalar);
        Value go = body.AddInput("go", ElementType.Bool, TensorShape.Scalar);
        Value state = body.AddInput("state", ElementType.Float, null);
        Node join = body.AddNode("Concat", [state, x], ["longer"]);
        join.Attributes.Set("axis", 0);
        body.AddOutput(body.AddNode("Identity", [go], ["goes"]).Outputs[0]!);
        body.AddOutput(join.Outputs[0]!);
        Node item = body.AddNode("Relu", [x], ["item"]);
        body.AddOutput(item.Outputs[0]!);
        loop.Attributes.Set(new NodeAttribute("body", AttributeKind.Graph, body));
        var model = new OnnxModel(graph);
        InferenceResult result = ShapeInference.Run(model);
        Assert.Equal("float32[last.0,4]", loop.Outputs[0]!.Type!.ToString());
        Assert.Equal("float32[items.0,n,4]", loop.Outputs[1]!.Type!.ToString());
        Assert.Contains("how many rounds the loop makes", result.Symbols["items.0"], StringComparison.Ordinal);
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Fact]
    public void Run_Sequences_KeepWhatTheirItemsShare()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 6));
        Node split = graph.AddNode("SplitToSequence", [x, graph.AddInitializer("two", OnnxTensor.Scalar(2L))], ["parts"]);
        split.Attributes.Set("axis", 1);
        Value at = graph.AddNode("SequenceAt", [split.Outputs[0], graph.AddInitializer("zero", OnnxTensor.Scalar(0L))], ["at"]).Outputs[0]!;
        Value longer = graph.AddNode("SequenceInsert", [split.Outputs[0], x], ["longer"]).Outputs[0]!;
        Node join = graph.AddNode("ConcatFromSequence", [longer], ["joined"]);
        join.Attributes.Set("axis", -1);
        Value count = graph.AddNode("SequenceLength", [longer], ["count"]).Outputs[0]!;
        Value maybe = graph.AddNode("Optional", [at], ["maybe"]).Outputs[0]!;
        Value some = graph.AddNode("OptionalGetElement", [maybe], ["some"]).Outputs[0]!;
        var model = new OnnxModel(graph);
        InferenceResult result = ShapeInference.Run(model);
        Assert.Empty(result.Unknown);
        Assert.Equal("sequence(float32[n,2])", split.Outputs[0]!.Type!.ToString());
        Assert.Equal("sequence(float32[n,?])", longer.Type!.ToString());
        Assert.Equal("float32[n,joined.1]", join.Outputs[0]!.Type!.ToString());
        Assert.Equal("int64[]", count.Type!.ToString());
        Assert.Equal("optional(float32[n,2])", maybe.Type!.ToString());
        Assert.Equal("float32[n,2]", some.Type!.ToString());
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Theory]
    [InlineData(null, "[y.0,4]")]
    [InlineData(true, "[3,4]")]
    [InlineData(false, "[n,4]")]
    public void Run_If_TakesTheBranchThatIsCertain(bool? condition, string expected)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 4));
        Value chosen = condition is { } known ? graph.AddInitializer("c", OnnxTensor.Scalar(known)) : graph.AddInput("c", ElementType.Bool, TensorShape.Scalar);
        Node choice = graph.AddNode("If", [chosen], ["y"]);
        var yes = new OnnxGraph("yes", graph);
        yes.AddOutput(yes.AddNode("Relu", [yes.AddInitializer("w", OnnxTensor.From<float>(new float[12], 3, 4))], ["a"]).Outputs[0]!);
        var no = new OnnxGraph("no", graph);
        no.AddOutput(no.AddNode("Relu", [x], ["b"]).Outputs[0]!);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, yes));
        choice.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, no));
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph));
        Assert.Empty(result.Unknown);
        Assert.Equal(expected, choice.Outputs[0]!.Shape!.ToString());
        Assert.Equal("[3,4]", yes.Find("a")!.Shape!.ToString());
    }

    [Fact]
    public void Run_ThenSaved_OnnxRuntimeTakesTheSymbolsAsNames()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Graph.Inputs[0].Type = new TensorType(ElementType.Float, TensorShape.Of("batch", 3, "height", "width"));
        float[] input = GraphFixtures.Random(new Random(3), -0.5f, 2, 3, 9, 7).ToArray<float>();
        float[] before = Engine.Run(model, input, 2, 3, 9, 7);
        ShapeInference.Run(model);
        Assert.Equal("[batch,4,height-2,width-2]", model.Graph.Find("conv")!.Shape!.ToString());
        Assert.Equal(before, Engine.Run(model, input, 2, 3, 9, 7));
    }

    [Fact]
    public void Run_Function_IsInferredThroughItsBodyForEachCall()
    {
        OnnxModel model = FunctionModel(calls: 3);
        InferenceResult result = ShapeInference.Run(model);
        Assert.Empty(result.Unknown);
        Assert.Equal("[n,8]", model.Graph.Find("y0")!.Shape!.ToString());
        Assert.Equal("[n,32]", model.Graph.Find("y2")!.Shape!.ToString());
        Assert.All(model.Functions[0].Body.Values, value => Assert.Null(value.Type));
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Fact]
    public void Run_FunctionThatCallsItself_IsRefused()
    {
        OnnxModel model = FunctionModel(calls: 1);
        OnnxGraph body = model.Functions[0].Body;
        body.AddNode("Double", [body.Inputs[0]], ["again"], domain: "local");
        Assert.Contains("calls itself", Assert.Throws<ModelFormatException>(() => ShapeInference.Run(model)).Message, StringComparison.Ordinal);
        Assert.Contains(ModelVerifier.Verify(model), problem => problem.What == "calls itself");
    }

    [Fact]
    public void Run_FunctionsThatCallEachOtherTwice_EndSoon()
    {
        // 40 functions, each calling the next twice: 2⁴⁰ nodes if all were followed.
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n"));
        graph.AddNode("F0", [x], ["y"], domain: "local");
        var model = new OnnxModel(graph);
        model.Opsets["local"] = 1;
        for (int level = 0; level < 40; level++)
        {
            var body = new OnnxGraph($"F{level}");
            Value a = body.Define("a");
            body.MarkInput(a);
            string next = level == 39 ? "Relu" : $"F{level + 1}";
            string domain = level == 39 ? "" : "local";
            Value b = body.AddNode(next, [a], ["b"], domain: domain).Outputs[0]!;
            body.AddOutput(body.AddNode(next, [b], ["c"], domain: domain).Outputs[0]!);
            var function = new OnnxFunction(body) { Domain = "local", Name = $"F{level}" };
            function.Opsets[""] = 17;
            function.Opsets["local"] = 1;
            model.Functions.Add(function);
        }
        InferenceResult result = ShapeInference.Run(model);
        Assert.Contains("too many to follow", Assert.Single(result.Unknown).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AbsurdSizes_AreRefusedWithoutAllocation()
    {
        var graph = new OnnxGraph("g");
        Value huge = graph.AddInitializer("huge", OnnxTensor.From<long>([long.MaxValue, 4, 4], 3));
        Value made = graph.AddNode("ConstantOfShape", [huge], ["made"]).Outputs[0]!;
        Value flat = graph.AddNode("Flatten", [made], ["flat"]).Outputs[0]!;
        Value size = graph.AddNode("Size", [made], ["size"]).Outputs[0]!;
        Value start = graph.AddInitializer("start", OnnxTensor.Scalar(0L));
        Value limit = graph.AddInitializer("limit", OnnxTensor.Scalar(long.MaxValue));
        Value step = graph.AddInitializer("step", OnnxTensor.Scalar(1L));
        Value range = graph.AddNode("Range", [start, limit, step], ["range"]).Outputs[0]!;
        Value negative = graph.AddNode("ConstantOfShape", [graph.AddInitializer("negative", OnnxTensor.From<long>([-3], 1))], ["none"]).Outputs[0]!;
        long before = GC.GetAllocatedBytesForCurrentThread();
        InferenceResult result = ShapeInference.Run(new OnnxModel(graph));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal($"[{long.MaxValue},4,4]", made.Shape!.ToString());
        Assert.Equal($"[{long.MaxValue},16]", flat.Shape!.ToString());
        Assert.False(result.TryGetContent(size, out _));
        Assert.Equal($"[{long.MaxValue}]", range.Shape!.ToString());
        Assert.Null(negative.Shape);
        Assert.Contains(result.Unknown, unknown => unknown.Reason.Contains("negative size", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_LongChains_TakesTimeInProportion()
    {
        ShapeInference.Run(Chain(2_000));
        foreach (int length in new[] { 10_000, 20_000, 40_000 })
        {
            OnnxModel model = Chain(length);
            long start = Stopwatch.GetTimestamp();
            InferenceResult result = ShapeInference.Run(model);
            double inferred = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            Assert.Empty(ModelVerifier.Verify(model));
            output.WriteLine($"{length} nodes: inferred in {inferred:F0} ms, verified in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
            Assert.Empty(result.Unknown);
            Assert.Equal("[batch,3,height]", model.Graph.Outputs[0].Shape!.ToString());
        }
    }

    private static OnnxModel Chain(int length)
    {
        var graph = new OnnxGraph("chain");
        Value value = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 3, "height"));
        Value one = graph.AddInitializer("one", OnnxTensor.From<float>([1], 1));
        for (int index = 0; index < length; index++)
        {
            value = (index % 2 == 0 ? graph.AddNode("Add", [value, one], [$"v{index}"]) : graph.AddNode("Relu", [value], [$"v{index}"])).Outputs[0]!;
        }
        graph.AddOutput(value);
        return new OnnxModel(graph);
    }

    // A function that puts its input beside itself, called in a row.
    private static OnnxModel FunctionModel(int calls)
    {
        var graph = new OnnxGraph("g");
        Value value = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 4));
        for (int index = 0; index < calls; index++)
        {
            Node call = graph.AddNode("Double", [value], [$"y{index}"], domain: "local");
            call.Attributes.Set("along", 1);
            value = call.Outputs[0]!;
        }
        graph.AddOutput(value);
        var model = new OnnxModel(graph);
        model.Opsets["local"] = 1;
        var body = new OnnxGraph("Double");
        Value input = body.Define("input");
        body.MarkInput(input);
        Node join = body.AddNode("Concat", [input, input], ["output"]);
        join.Attributes.Set(new NodeAttribute("axis", AttributeKind.Int, null) { Reference = "along" });
        body.AddOutput(join.Outputs[0]!);
        var function = new OnnxFunction(body) { Domain = "local", Name = "Double", RequiredAttributes = ["along"] };
        function.Opsets[""] = 17;
        model.Functions.Add(function);
        return model;
    }
}
