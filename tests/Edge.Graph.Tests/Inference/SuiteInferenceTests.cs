using Edge.Graph.Inference;
using Edge.Graph.Protobuf;
using Edge.Graph.Serialization;

namespace Edge.Graph.Tests.Inference;

/// <summary>Inference held against what ONNX's own node suite says comes out.</summary>
public sealed class SuiteInferenceTests(ITestOutputHelper output)
{
    [Fact]
    public void Run_InputShapesGiven_NoOutputIsWrong() => Check("shapes given", FixShapes, leastExact: 1440);

    [Fact]
    public void Run_InputsConstant_NearlyEveryOutputIsExact() => Check("inputs constant", MakeConstant, leastExact: 1720);

    [Fact]
    public void Run_EverySizeASymbol_ExpressionsEvaluateToTheTruth() => Check("sizes as symbols", MakeSymbolic, leastExact: 1660);

    private void Check(string title, Func<OnnxModel, SuiteCase, Dictionary<string, long>> prepare, int leastExact)
    {
        var tally = new Tally();
        foreach (SuiteCase item in NodeSuite.Read())
        {
            OnnxModel model = item.Load();
            foreach (Value value in model.Graph.Values.Where(value => !value.IsGraphInput))
            {
                value.Type = null;
            }
            Dictionary<string, long> sizes = prepare(model, item);
            InferenceResult result = ShapeInference.Run(model);
            Assert.All(result.Warnings, warning => Assert.Fail($"{item.Name}: {warning}"));
            Assert.All(ModelVerifier.Verify(model), problem => Assert.Fail($"{item.Name}: {problem}"));
            Compare(item, model, result, sizes, tally);
        }
        output.WriteLine($"{title}: {tally.Exact} outputs exact, {tally.Unknown.Count} unknown, {tally.Wrong.Count} wrong");
        foreach (string line in tally.Unknown)
        {
            output.WriteLine($"  unknown: {line}");
        }
        Assert.Empty(tally.Wrong);
        Assert.True(tally.Exact >= leastExact, $"{tally.Exact} exact");
    }

    private static void Compare(SuiteCase item, OnnxModel model, InferenceResult result, Dictionary<string, long> sizes, Tally tally)
    {
        for (int index = 0; index < model.Graph.Outputs.Count; index++)
        {
            Value value = model.Graph.Outputs[index];
            string reason = result.Unknown.FirstOrDefault(unknown => unknown.Value == value)?.Reason ?? string.Join("; ", result.Symbols.Values.Concat(result.Unknown.Select(unknown => unknown.Reason)).Take(2));
            if (value.Type is not TensorType type)
            {
                tally.Unknown.Add($"{item.Name}: {value}: {reason}");
                continue;
            }
            TensorProto truth = SuiteCase.Tensor(item.Outputs[index]);
            long?[]? dims = type.Shape is null ? null : [.. type.Shape.Dimensions.Select(dimension => dimension.Size ?? Evaluate(dimension.Symbol, sizes))];
            if (type.Element != ElementType.Undefined && (int)type.Element != truth.DataType)
            {
                tally.Wrong.Add($"{item.Name}: '{value.Name}' is {(ElementType)truth.DataType}, inferred {type}");
            }
            else if (dims is not null && (dims.Length != truth.Dims.Count || dims.Zip(truth.Dims).Any(pair => pair.First is { } size && size != pair.Second)))
            {
                tally.Wrong.Add($"{item.Name}: '{value.Name}' is {truth.Dims}, inferred {type}");
            }
            else if (type.Element == ElementType.Undefined || dims is null || dims.Contains(null))
            {
                Assert.False(string.IsNullOrEmpty(reason), $"{item.Name}: '{value.Name}' {type} has no reason");
                tally.Unknown.Add($"{item.Name}: {value}: {reason}");
            }
            else
            {
                tally.Exact++;
            }
        }
    }

    // A symbol that only the run knows makes the size unknown.
    private static long? Evaluate(string? text, Dictionary<string, long> sizes)
    {
        if (text is null)
        {
            return null;
        }
        bool isKnown = true;
        SizeExpression value = SizeParser.Parse(text, name =>
        {
            isKnown &= sizes.TryGetValue(name, out long size);
            return isKnown ? SizeExpression.Of(size) : SizeExpression.OfSymbol(name);
        });
        return isKnown ? value.Constant : null;
    }

    private static Dictionary<string, long> FixShapes(OnnxModel model, SuiteCase item)
    {
        foreach ((Value input, TensorProto tensor) in Tensors(model, item))
        {
            input.Type = new TensorType((ElementType)tensor.DataType, TensorShape.Of([.. tensor.Dims]));
        }
        return [];
    }

    private static Dictionary<string, long> MakeConstant(OnnxModel model, SuiteCase item)
    {
        foreach ((Value input, TensorProto tensor) in Tensors(model, item).ToArray())
        {
            model.Graph.SetConstant(input, new TensorReader(null).Read(tensor, input.Name));
            model.Graph.RemoveInput(input);
        }
        return [];
    }

    private static Dictionary<string, long> MakeSymbolic(OnnxModel model, SuiteCase item)
    {
        var sizes = new Dictionary<string, long>();
        int number = 0;
        foreach ((Value input, TensorProto tensor) in Tensors(model, item).ToArray())
        {
            // What decides the number of axes, or is computed with, stays constant.
            if ((ElementType)tensor.DataType is ElementType.Int64 or ElementType.Int32 && tensor.Dims.Count <= 1)
            {
                model.Graph.SetConstant(input, new TensorReader(null).Read(tensor, input.Name));
                model.Graph.RemoveInput(input);
                continue;
            }
            var dimensions = new Dimension[tensor.Dims.Count];
            for (int axis = 0; axis < dimensions.Length; axis++)
            {
                string symbol = $"s{number++}";
                sizes[symbol] = tensor.Dims[axis];
                dimensions[axis] = tensor.Dims[axis] > 1 ? (Dimension)symbol : tensor.Dims[axis];
            }
            input.Type = new TensorType((ElementType)tensor.DataType, TensorShape.Of(dimensions));
        }
        return sizes;
    }

    private static IEnumerable<(Value Input, TensorProto Tensor)> Tensors(OnnxModel model, SuiteCase item) =>
        model.Graph.Inputs.Select((input, index) => (input, index)).Where(pair => pair.input.Type is TensorType)
            .Select(pair => (pair.input, SuiteCase.Tensor(item.Inputs[pair.index])));

    private sealed class Tally
    {
        internal int Exact { get; set; }

        internal List<string> Unknown { get; } = [];

        internal List<string> Wrong { get; } = [];
    }
}
