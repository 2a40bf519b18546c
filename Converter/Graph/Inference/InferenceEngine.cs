using Edge.Graph.Schemas;

namespace Edge.Graph.Inference;

/// <summary>One run of inference: walks the graphs, calls the rule of each node, and joins what it finds with what the file declares.</summary>
internal sealed class InferenceEngine(OnnxModel model)
{
    internal const int MostAxes = 64;
    private const int DeepestNesting = 64;
    // Bodies of functions and loops are visited anew for each call; a file can make that a great many.
    private const int MostRepeatedNodes = 50_000;
    // The shapes and axes that operators are given have fewer elements: those are read anew where no more can be kept.
    private const int AlwaysRead = 64;

    private const string TooMany = "functions and loops inside each other are too many to follow";

    private readonly FunctionTable _functions = new(model);
    private readonly Dictionary<(string Domain, string Name, long Version), OperatorSchema?> _schemas = [];
    private readonly Dictionary<Value, OnnxType> _types = [];
    private readonly Dictionary<Value, OnnxType?> _declared = [];
    private readonly Dictionary<Value, TensorContent> _contents = [];
    private readonly Dictionary<Value, UnknownValue> _unknown = [];
    private readonly Dictionary<Value, ModelProblem> _warnings = [];
    private readonly SizeSymbols _symbols = new();
    private readonly InferenceBudget _budget = new((12 << 20) + (100L * model.Graph.Nodes.Count));
    private readonly InferenceBudget _constants = new(4 << 20);
    private int _repeated;
    private int _loops;

    internal InferenceResult Run(IReadOnlyDictionary<string, TensorShape> fixedInputs)
    {
        if (_functions.FindCycle() is { } cycle)
        {
            throw new ModelFormatException($"function '{cycle.Name}' calls itself; export the model again");
        }
        BindSymbols(fixedInputs);
        _types.EnsureCapacity(model.Graph.Values.Count);
        foreach (Value input in model.Graph.Inputs)
        {
            DescribeInput(input, fixedInputs.GetValueOrDefault(input.Name));
        }
        var frame = new InferenceFrame(null, null, null, model.Opsets, 0);
        RunNodes(model.Graph, frame);
        return new InferenceResult([.. _unknown.Values], [.. _warnings.Values], _symbols.Meanings, _contents);
    }

    internal static TensorShape? ToShape(SizeExpression?[]? sizes)
    {
        if (sizes is null)
        {
            return null;
        }
        var dimensions = new Dimension[sizes.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            dimensions[axis] = ToDimension(sizes[axis]);
        }
        return new TensorShape(dimensions);
    }

    internal static Dimension ToDimension(SizeExpression? size) =>
        size is null ? Dimension.Unknown : size.Constant is { } constant ? constant : (Dimension)size.Text;

    internal SizeExpression?[] Sizes(TensorShape shape)
    {
        var sizes = new SizeExpression?[shape.Rank];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = _symbols.Size(shape[axis]);
        }
        return sizes;
    }

    internal OnnxType? TypeOf(Value value)
    {
        if (_types.TryGetValue(value, out OnnxType? type))
        {
            return type;
        }
        if (value.Constant is { } constant)
        {
            return _types[value] = new TensorType(constant.Type, TensorShape.Of(constant.Dims));
        }
        if (value.Graph.SparseInitializers.Count > 0 && value.Graph.SparseInitializers.TryGetValue(value.Name, out OnnxSparseTensor? sparse))
        {
            return _types[value] = new TensorType(sparse.Values.Type, TensorShape.Of(sparse.Dims));
        }
        return null;
    }

    internal TensorContent? ContentOf(Value value)
    {
        if (_contents.TryGetValue(value, out TensorContent? content))
        {
            return content;
        }
        if (value.Constant is not { Length: <= TensorContent.MostElements } tensor || !TensorContent.Covers(tensor.Type))
        {
            return null;
        }
        bool isKept = _constants.Take(InferenceBudget.ElementBytes * tensor.Length);
        if (!isKept && tensor.Length > AlwaysRead)
        {
            return null;
        }
        content = TensorContent.Of(tensor);
        if (isKept && content is not null)
        {
            _contents[value] = content;
        }
        return content;
    }

    internal OperatorSchema? Schema(Node node, long version)
    {
        if (!_schemas.TryGetValue((node.Domain, node.OpType, version), out OperatorSchema? schema))
        {
            schema = OperatorSchemas.Find(node.Domain, node.OpType, version);
            _schemas.Add((node.Domain, node.OpType, version), schema);
        }
        return schema;
    }

    internal SizeExpression? Fresh(Value value, int axis, string meaning, InferenceFrame? frame) => !_budget.Take(500 + (2 * meaning.Length)) ? null :
        _symbols.Fresh(value, axis, meaning, isRepeated: frame?.Function is not null, isInLoop: _loops > 0);

    /// <summary>Infers a subgraph from the types of its inputs; the types of its outputs, without symbols that only the body of a loop knows.</summary>
    internal OnnxType?[] RunBody(OnnxGraph body, OnnxType?[] inputs, InferenceFrame frame, bool repeats)
    {
        if (frame.Depth >= DeepestNesting)
        {
            return new OnnxType?[body.Outputs.Count];
        }
        _loops += repeats ? 1 : 0;
        for (int index = 0; index < body.Inputs.Count; index++)
        {
            Value input = body.Inputs[index];
            OnnxType? declared = Declared(input);
            OnnxType? type = TypeMerger.Merge(index < inputs.Length ? inputs[index] : null, declared, _symbols, out _);
            input.Type = type;
            Know(input, type is null ? null : Open(input, type, frame), null);
        }
        RunNodes(body, frame with { Depth = frame.Depth + 1 });
        _loops -= repeats ? 1 : 0;
        var outputs = new OnnxType?[body.Outputs.Count];
        for (int index = 0; index < outputs.Length; index++)
        {
            OnnxType? type = TypeOf(body.Outputs[index]);
            outputs[index] = repeats && type is not null ? TypeMerger.WithoutSymbols(type, _symbols) : type;
        }
        return outputs;
    }

    /// <summary>Why a value is not wholly known; null where it is.</summary>
    internal string? ReasonOf(Value value) => _unknown.GetValueOrDefault(value)?.Reason;

    private void RunNodes(OnnxGraph graph, InferenceFrame frame)
    {
        foreach (Node node in graph.Nodes)
        {
            if (frame.Depth > 0 && ++_repeated > MostRepeatedNodes)
            {
                ForgetOutputs(node, TooMany, frame);
                continue;
            }
            RunNode(node, frame);
        }
    }

    private void RunNode(Node node, InferenceFrame frame)
    {
        var inference = new NodeInference(this, frame, node);
        try
        {
            if (_functions.Find(node) is { } function)
            {
                RunFunction(inference, function, frame);
            }
            else if (InferenceRules.Find(node) is { } rule)
            {
                rule(inference);
            }
            else
            {
                inference.Unknown("Edge has no shape rule for the operator");
            }
        }
        catch (ModelFormatException e)
        {
            inference.Clear();
            inference.Unknown(e.Message);
        }
        catch (OverflowException)
        {
            inference.Clear();
            inference.Unknown("its sizes are beyond 64 bits");
        }
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            if (node.Outputs[index] is { } output)
            {
                Commit(output, inference.Result(index), inference.ResultContent(index), inference, frame);
            }
        }
    }

    private void RunFunction(NodeInference call, OnnxFunction function, InferenceFrame frame)
    {
        if (frame.Depth >= DeepestNesting)
        {
            call.Unknown($"is {DeepestNesting} calls deep");
            return;
        }
        if (_repeated > MostRepeatedNodes)
        {
            call.Unknown(TooMany);
            return;
        }
        OnnxGraph body = function.Body;
        Dictionary<Value, OnnxType?> declared = body.WithSubgraphs().SelectMany(graph => graph.Values).ToDictionary(value => value, Declared);
        for (int index = 0; index < body.Inputs.Count; index++)
        {
            TensorContent? content = call.Content(index);
            Know(body.Inputs[index], call.Type(index), content);
        }
        RunNodes(body, new InferenceFrame(function, call.Node, frame, function.Opsets, frame.Depth + 1));
        for (int index = 0; index < Math.Min(body.Outputs.Count, call.OutputCount); index++)
        {
            if (_contents.TryGetValue(body.Outputs[index], out TensorContent? content))
            {
                call.Set(index, content);
            }
            else
            {
                call.Set(index, TypeOf(body.Outputs[index]));
            }
        }
        if (body.Values.FirstOrDefault(value => _unknown.ContainsKey(value)) is { } first)
        {
            call.Unknown($"in the function, {_unknown[first].Reason}");
        }
        foreach ((Value value, OnnxType? type) in declared)
        {
            value.Type = type;
            _types.Remove(value);
            _contents.Remove(value);
            _unknown.Remove(value);
            _warnings.Remove(value);
        }
    }

    private void Commit(Value output, OnnxType? inferred, TensorContent? content, NodeInference node, InferenceFrame frame)
    {
        OnnxType? declared = frame.Depth == 0 ? output.Type : Declared(output);
        OnnxType? type = TypeMerger.Merge(inferred, declared, _symbols, out string? contradiction);
        if (!_budget.Take(type) || (contradiction is not null && !_budget.Take(300 + (2 * contradiction.Length))))
        {
            (type, content, contradiction) = (declared, null, null);
            node.Unknown(InferenceBudget.Spent);
        }
        content = content is not null && _budget.Take(content) ? content : null;
        if (contradiction is not null)
        {
            _warnings[output] = new ModelProblem(node.Node.Describe(), $"'{output.Name}' {contradiction}");
        }
        else
        {
            _warnings.Remove(output);
        }
        output.Type = type;
        Know(output, type, content);
        if (TypeMerger.IsComplete(type))
        {
            _unknown.Remove(output);
        }
        else
        {
            _unknown[output] = node.Reason is { } reason ? new UnknownValue(output, node.Node, _budget.Take(2 * reason.Length) ? reason : InferenceBudget.Spent) : WhyUnknown(output, node.Node);
        }
    }

    private UnknownValue WhyUnknown(Value output, Node node)
    {
        foreach (Value? input in node.Inputs)
        {
            if (input is not null && !TypeMerger.IsComplete(TypeOf(input)))
            {
                return new UnknownValue(output, node, input);
            }
        }
        return new UnknownValue(output, node, "its shape does not follow from what is known of its inputs");
    }

    private void ForgetOutputs(Node node, string reason, InferenceFrame frame)
    {
        var inference = new NodeInference(this, frame, node);
        inference.Unknown(reason);
        foreach (Value? output in node.Outputs)
        {
            if (output is not null)
            {
                Commit(output, null, null, inference, frame);
            }
        }
    }

    private void Know(Value value, OnnxType? type, TensorContent? content)
    {
        if (type is null)
        {
            _types.Remove(value);
        }
        else
        {
            _types[value] = type;
        }
        if (content is null)
        {
            _contents.Remove(value);
        }
        else
        {
            _contents[value] = content;
        }
    }

    // What the file says of a value in a subgraph or function; inference overwrites it each time it comes by.
    private OnnxType? Declared(Value value)
    {
        if (!_declared.TryGetValue(value, out OnnxType? declared))
        {
            _declared.Add(value, declared = value.Type);
        }
        return declared;
    }

    // An axis that nothing describes gets a symbol, so that what is computed from it can be said.
    private OnnxType Open(Value input, OnnxType type, InferenceFrame? frame)
    {
        if (type is not TensorType { Shape: { } shape } tensor || shape.Dimensions.All(dimension => dimension is not { Size: null, Symbol: null }))
        {
            return type;
        }
        var dimensions = new Dimension[shape.Rank];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            dimensions[axis] = shape[axis] is { Size: null, Symbol: null }
                ? ToDimension(Fresh(input, axis, $"axis {axis} of input '{input.Name}', which the model leaves open", frame))
                : shape[axis];
        }
        return tensor with { Shape = new TensorShape(dimensions) { Denotations = tensor.Shape.Denotations } };
    }

    private void BindSymbols(IReadOnlyDictionary<string, TensorShape> fixedInputs)
    {
        foreach ((string name, TensorShape shape) in fixedInputs)
        {
            if (model.Graph.Find(name)!.Shape is not { } declared)
            {
                continue;
            }
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                if (declared[axis].Symbol is { } symbol && shape[axis].Size is { } size)
                {
                    _symbols.Bind(symbol, size);
                }
            }
        }
    }

    private void DescribeInput(Value input, TensorShape? given)
    {
        if (input.Type is TensorType tensor)
        {
            Dimension[]? dimensions = tensor.Shape?.Dimensions.Select((dimension, axis) =>
                given is not null && given[axis] is not { Size: null, Symbol: null } ? given[axis] : ToDimension(_symbols.Size(dimension))).ToArray();
            TensorShape? shape = dimensions is null ? given : new TensorShape(dimensions) { Denotations = tensor.Shape!.Denotations };
            if (given is not null && tensor.Shape is { } declared && TypeMerger.Contradicts(declared, given))
            {
                _warnings[input] = new ModelProblem($"input '{input.Name}'", $"is {given} here and {declared} in the file");
            }
            input.Type = tensor with { Shape = shape };
        }
        if (input.Type is null)
        {
            if (input.Constant is null)
            {
                _unknown[input] = new UnknownValue(input, null, "the file states no type");
            }
            return;
        }
        _types[input] = input.Constant is { } constant && given is null
            ? new TensorType(constant.Type, TensorShape.Of(constant.Dims))
            : Open(input, input.Type, null);
        if (!TypeMerger.IsComplete(input.Type) && input.Constant is null)
        {
            _unknown[input] = new UnknownValue(input, null, "the file leaves its shape open");
        }
    }
}
