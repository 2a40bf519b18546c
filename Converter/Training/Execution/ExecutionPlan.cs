using Edge.Foundation;
using Edge.Graph;
using Edge.Training.Ops;

namespace Edge.Training.Execution;

/// <summary>
/// A model as steps over numbered slots, in which every value has a place and a last reader. Graphs inside nodes use the same
/// slots, so that they read the values around them where these are; functions are written out where they are called.
/// </summary>
internal sealed class ExecutionPlan
{
    private const int MaximumDepth = 64;

    // What these make is new memory that no gradient reads again, so that what follows may overwrite it.
    private static readonly HashSet<string> FreshResults =
        ["Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "BatchNormalization", "MaxPool", "AveragePool", "GlobalAveragePool"];

    private readonly OperatorTable _table;
    private readonly GraphExecutorOptions _options;
    private readonly Dictionary<(string, string, string), OnnxFunction> _functions = [];
    private readonly Dictionary<Value, ElementType> _types;
    private readonly Dictionary<Value, int> _slots = [];
    private readonly HashSet<Value> _kept = [];
    private readonly HashSet<Value> _settings = [];
    private IReadOnlyDictionary<string, long> _opsets;
    private int _depth;

    public ExecutionPlan(OnnxModel model, GraphExecutorOptions options)
    {
        _table = options.Table ?? OperatorTable.Standard;
        _options = options;
        _opsets = model.Opsets;
        _types = KnownTypes.Of(model);
        foreach (OnnxFunction function in model.Functions)
        {
            _functions.TryAdd((function.Domain, function.Name, function.Overload), function);
        }
        var kept = new List<Value>();
        foreach (string name in options.Keep)
        {
            kept.Add(model.Graph.Find(name) ?? throw new TrainingException(
                $"graph '{model.Graph.Name}' has no value '{name}' to keep{(NearestName.Of(name, model.Graph.Values.Select(value => value.Name)) is { } near ? $"; is '{near}' meant?" : "")}"));
        }
        _kept.UnionWith(kept);
        Inputs = [.. model.Graph.Inputs.Where(value => value.Constant is null)];
        Outputs = model.Graph.Outputs;
        Body = Compile(model.Graph, Inputs, [.. Outputs, .. kept]);
        KeptSlots = [.. kept.Select(Slot)];
        Trainable.ExceptWith(_settings);
        Trainable.ExceptWith(State);
    }

    public IReadOnlyList<Value> Inputs { get; }

    public IReadOnlyList<Value> Outputs { get; }

    /// <summary>The graph; behind its own outputs come the values to keep.</summary>
    public GraphBody Body { get; }

    public IReadOnlyList<int> KeptSlots { get; }

    public int SlotCount => _slots.Count;

    /// <summary>Initializers that a weight's gradient should move.</summary>
    public HashSet<Value> Trainable { get; } = [];

    /// <summary>Initializers that kernels change by themselves.</summary>
    public HashSet<Value> State { get; } = [];

    /// <summary>Initializers that convolutions slide over their input.</summary>
    public HashSet<Value> Filters { get; } = [];

    /// <summary>What Constant nodes hold, by slot.</summary>
    public List<(int Slot, OnnxTensor Tensor, string What)> ConstantNodes { get; } = [];

    public int Slot(Value value)
    {
        if (!_slots.TryGetValue(value, out int slot))
        {
            _slots.Add(value, slot = _slots.Count);
        }
        return slot;
    }

    public IEnumerable<Value> Initializers()
    {
        foreach (Value value in _slots.Keys)
        {
            if (value.Constant is not null)
            {
                yield return value;
            }
        }
    }

    /// <summary>What the elements of a value are; null where that is not known.</summary>
    public ElementType? TypeOf(Value value) => _types.TryGetValue(value, out ElementType type) ? type : null;

    private GraphBody Compile(OnnxGraph graph, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs)
    {
        if (graph.SparseInitializers.Count > 0)
        {
            throw new TrainingException($"graph '{graph.Name}' has sparse initializers, which the training engine does not read; export it with dense ones");
        }
        int[] inputSlots = [.. inputs.Select(Slot)];
        var body = new GraphBody(inputSlots, [.. outputs.Select(value => (Slot(value), value.Name))]);
        Enter(() => AddSteps(graph, body.Steps));
        FindLastReaders(body, inputSlots);
        return body;
    }

    private GraphBody CompileInner(OnnxGraph graph) => Compile(graph, graph.Inputs, graph.Outputs);

    private void Enter(Action compile)
    {
        if (++_depth > MaximumDepth)
        {
            throw new TrainingException($"graphs and functions stand in each other more than {MaximumDepth} deep");
        }
        compile();
        _depth--;
    }

    private void AddSteps(OnnxGraph graph, List<Step> steps)
    {
        var order = new NodeOrder(graph.Nodes, _kept);
        foreach (Node node in order.Nodes)
        {
            if (_functions.TryGetValue((node.Domain, node.OpType, node.Overload), out OnnxFunction? function))
            {
                Enter(() => AddFunction(function, node, steps));
            }
            else
            {
                AddStep(node, order, steps);
            }
        }
    }

    private void AddFunction(OnnxFunction function, Node call, List<Step> steps)
    {
        OnnxGraph graph = FunctionExpansion.Of(function, call);
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            _slots[graph.Inputs[i]] = call.Input(i) is { } given ? Slot(given) : -1;
        }
        for (int i = 0; i < Math.Min(call.Outputs.Count, graph.Outputs.Count); i++)
        {
            if (call.Outputs[i] is not { } wanted)
            {
                continue;
            }
            if (!_slots.ContainsKey(graph.Outputs[i]))
            {
                _slots[graph.Outputs[i]] = Slot(wanted);
                continue;
            }
            // A parameter handed through, or one value given out twice.
            Node copy = graph.AddNode("Identity", [graph.Outputs[i]], [graph.FreshName("copy")]);
            _slots[copy.Outputs[0]!] = Slot(wanted);
        }
        IReadOnlyDictionary<string, long> outer = _opsets;
        _opsets = function.Opsets;
        AddSteps(graph, steps);
        _opsets = outer;
    }

    private void AddStep(Node node, NodeOrder order, List<Step> steps)
    {
        long opset = _opsets.GetValueOrDefault(node.Domain == "ai.onnx" ? "" : node.Domain);
        OperatorEntry entry = _table.Find(node, opset);
        Value? first = order.FirstInput(node);
        bool mayOverwrite = first is { IsGraphOutput: false, Uses.Count: 1 } && !_kept.Contains(first)
            && first.Graph == node.Graph && order.Producer(first) is { } producer && FreshResults.Contains(producer.OpType);
        var bodies = new List<GraphBody>();
        var context = new NodeContext(node, opset, TypeOf, IsTrainedSetting, graph =>
        {
            GraphBody body = CompileInner(graph);
            bodies.Add(body);
            return body;
        })
        {
            MayOverwriteInput = mayOverwrite,
            FreezesStatistics = _options.FreezesStatistics?.Invoke(node) ?? false,
        };
        if (node.Is("Constant"))
        {
            ConstantNodes.Add((Slot(node.Outputs[0]!), Constant.Value(context), node.Describe()));
            return;
        }
        Kernel kernel = entry.Compile(context);
        int[] inputs = new int[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            Value? value = i == 0 ? first : node.Inputs[i];
            inputs[i] = value is null ? -1 : Slot(value);
            if (i == 1 && node.Is("Conv") && value?.Constant is not null)
            {
                Filters.Add(value);
            }
            if (value?.Constant is { } constant && constant.Type is ElementType.Float or ElementType.Double)
            {
                Classify(entry, i, value!);
            }
        }
        int[] outputs = new int[node.Outputs.Count];
        var narrow = new ElementType[outputs.Length];
        bool widens = _options.Device.IsCpu && (entry.Traits & OperatorTraits.AnyType) == 0 && node.Inputs.Any(value => value is not null && IsHalf(TypeOf(value)));
        for (int i = 0; i < outputs.Length; i++)
        {
            Value? value = i == 0 ? order.FirstOutput(node) : node.Outputs[i];
            outputs[i] = value is null ? -1 : Slot(value);
            ElementType type = value is null ? ElementType.Undefined : TypeOf(value) ?? ElementType.Undefined;
            narrow[i] = type is ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 || (widens && IsHalf(type)) ? type : ElementType.Undefined;
        }
        steps.Add(new Step(node, kernel, inputs, outputs)
        {
            NarrowOutputs = narrow,
            WidensHalf = widens,
            Captured = Captured(bodies),
            IsPure = entry.Traits is OperatorTraits.None or OperatorTraits.AnyType && entry.StateInputs.Count == 0 && bodies.Count == 0,
        });
    }

    private bool IsTrainedSetting(Value value) => _options.TrainsSettings?.Invoke(value.Name) == true;

    private static bool IsHalf(ElementType? type) => type is ElementType.Float16 or ElementType.BFloat16;

    /// <summary>Every slot that graphs inside a node touch: those of their own do no harm there.</summary>
    private static int[] Captured(List<GraphBody> bodies)
    {
        var slots = new HashSet<int>();
        foreach (GraphBody body in bodies)
        {
            slots.UnionWith(body.OutputSlots);
            foreach (Step step in body.Steps)
            {
                slots.UnionWith(step.Inputs);
                slots.UnionWith(step.Captured);
            }
        }
        return [.. slots];
    }

    private void Classify(OperatorEntry entry, int input, Value value)
    {
        if (entry.StateInputs.Contains(input))
        {
            State.Add(value);
        }
        else if (entry.FixedInputs.Contains(input) || value.Constant!.Dims.Length == 0)
        {
            // A lone number in a formula, such as the 0.5 of x · 0.5, is part of the formula.
            (IsTrainedSetting(value) ? Trainable : _settings).Add(value);
        }
        else
        {
            Trainable.Add(value);
        }
    }

    private static void FindLastReaders(GraphBody body, int[] inputs)
    {
        var last = new Dictionary<int, int>();
        for (int i = 0; i < body.Steps.Count; i++)
        {
            foreach (int slot in body.Steps[i].Outputs)
            {
                last[slot] = i;
            }
        }
        for (int i = 0; i < body.Steps.Count; i++)
        {
            Mark(body.Steps[i].Inputs, i);
            Mark(body.Steps[i].Captured, i);
        }
        last.Remove(-1);
        foreach (int slot in inputs)
        {
            last.Remove(slot);
        }
        foreach (int slot in body.OutputSlots)
        {
            last.Remove(slot);
        }
        foreach ((int slot, int step) in last)
        {
            body.Steps[step].Release.Add(slot);
        }

        void Mark(int[] slots, int step)
        {
            foreach (int slot in slots)
            {
                // What the body does not make lives longer than it.
                if (last.TryGetValue(slot, out int known) && known < step)
                {
                    last[slot] = step;
                }
            }
        }
    }
}
