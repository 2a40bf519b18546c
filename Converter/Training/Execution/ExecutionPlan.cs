using Edge.Graph;
using Edge.Training.Ops;

namespace Edge.Training.Execution;

/// <summary>A graph as a list of steps over numbered slots, in which every value has a place and a last reader.</summary>
internal sealed class ExecutionPlan
{
    // What these make is new memory that no gradient reads again, so that what follows may overwrite it.
    private static readonly HashSet<string> FreshResults =
        ["Conv", "Gemm", "MatMul", "Add", "Sub", "BatchNormalization", "MaxPool", "AveragePool", "GlobalAveragePool"];

    private readonly Dictionary<Value, int> _slots = [];

    public ExecutionPlan(OnnxModel model, OperatorTable table)
    {
        OnnxGraph graph = model.Graph;
        if (graph.SparseInitializers.Count > 0)
        {
            throw new TrainingException($"graph '{graph.Name}' has sparse initializers, which the training engine does not read; export it with dense ones");
        }
        var inputs = new List<Value>();
        foreach (Value input in graph.Inputs)
        {
            if (input.Constant is null)
            {
                inputs.Add(input);
            }
        }
        Inputs = inputs;
        Outputs = graph.Outputs;
        foreach (Node node in graph.Nodes)
        {
            Nodes.Add(node);
        }
        PoolBeforeRelu();
        Compile(model, table);
        FindLastReaders();
    }

    public IReadOnlyList<Value> Inputs { get; }

    public IReadOnlyList<Value> Outputs { get; }

    public List<Step> Steps { get; } = [];

    public int SlotCount => _slots.Count;

    /// <summary>Initializers that a weight's gradient should move.</summary>
    public HashSet<Value> Trainable { get; } = [];

    /// <summary>Initializers that kernels change by themselves.</summary>
    public HashSet<Value> State { get; } = [];

    /// <summary>Initializers that convolutions slide over their input.</summary>
    public HashSet<Value> Filters { get; } = [];

    private List<Node> Nodes { get; } = [];

    // The values that a step reads and writes instead of its node's own, where two steps changed places.
    private Dictionary<Node, (Value Input, Value Output)> Rewired { get; } = [];

    public int Slot(Value value)
    {
        if (!_slots.TryGetValue(value, out int slot))
        {
            _slots.Add(value, slot = _slots.Count);
        }
        return slot;
    }

    public IEnumerable<Value> Constants()
    {
        foreach (Value value in _slots.Keys)
        {
            if (value.Constant is not null)
            {
                yield return value;
            }
        }
    }

    /// <summary>
    /// Rectifying and taking the largest value commute, gradients included; after the pool there are fewer elements to rectify.
    /// </summary>
    private void PoolBeforeRelu()
    {
        for (int i = 0; i + 1 < Nodes.Count; i++)
        {
            Node relu = Nodes[i];
            if (!relu.Is("Relu") || relu.Input(0) is not { } source || relu.Outputs is not [{ IsGraphOutput: false, Uses.Count: 1 } middle])
            {
                continue;
            }
            Node pool = middle.Uses.First().Node;
            int next = pool.Is("MaxPool") && pool.Outputs.Count == 1 ? Nodes.IndexOf(pool, i + 1) : -1;
            if (next < 0 || pool.Outputs[0] is not { } result)
            {
                continue;
            }
            Nodes[next] = relu;
            Nodes.RemoveAt(i);
            Nodes.Insert(next - 1, pool);
            Rewired[pool] = (source, middle);
            Rewired[relu] = (middle, result);
        }
    }

    private void Compile(OnnxModel model, OperatorTable table)
    {
        foreach (Value input in Inputs)
        {
            _ = Slot(input);
        }
        var settings = new HashSet<Value>();
        var producers = new Dictionary<Value, Node>();
        foreach (Node node in Nodes)
        {
            long opset = model.Opsets.GetValueOrDefault(node.Domain == "ai.onnx" ? "" : node.Domain);
            OperatorEntry entry = table.Find(node, opset);
            bool isRewired = Rewired.TryGetValue(node, out (Value Input, Value Output) wires);
            Value? first = isRewired ? wires.Input : node.Input(0);
            bool mayOverwrite = first is { IsGraphOutput: false, Uses.Count: 1 }
                && producers.TryGetValue(first, out Node? producer) && FreshResults.Contains(producer.OpType);
            Kernel kernel = entry.Compile(new NodeContext(node, opset, mayOverwrite));

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
                    Classify(entry, i, value!, settings);
                }
            }
            int[] outputs = new int[node.Outputs.Count];
            for (int i = 0; i < outputs.Length; i++)
            {
                Value? value = i == 0 && isRewired ? wires.Output : node.Outputs[i];
                outputs[i] = value is null ? -1 : Slot(value);
                if (value is not null)
                {
                    producers[value] = node;
                }
            }
            Steps.Add(new Step(node, kernel, inputs, outputs));
        }
        foreach (Value output in Outputs)
        {
            _ = Slot(output);
        }
        Trainable.ExceptWith(settings);
        Trainable.ExceptWith(State);
    }

    private void Classify(OperatorEntry entry, int input, Value value, HashSet<Value> settings)
    {
        if (entry.StateInputs.Contains(input))
        {
            State.Add(value);
        }
        else if (entry.FixedInputs.Contains(input) || value.Constant!.Dims.Length == 0)
        {
            // A lone number in a formula, such as the 0.5 of x · 0.5, is part of the formula.
            settings.Add(value);
        }
        else
        {
            Trainable.Add(value);
        }
    }

    private void FindLastReaders()
    {
        var last = new int[SlotCount];
        Array.Fill(last, -1);
        for (int i = 0; i < Steps.Count; i++)
        {
            foreach (int slot in Steps[i].Inputs)
            {
                Mark(slot, i);
            }
            foreach (int slot in Steps[i].Outputs)
            {
                Mark(slot, i);
            }
        }
        foreach ((Value value, int slot) in _slots)
        {
            if (value.Constant is not null || value.IsGraphInput || value.IsGraphOutput)
            {
                last[slot] = -1;
            }
        }
        for (int slot = 0; slot < last.Length; slot++)
        {
            if (last[slot] >= 0)
            {
                Steps[last[slot]].Release.Add(slot);
            }
        }

        void Mark(int slot, int step)
        {
            if (slot >= 0)
            {
                last[slot] = step;
            }
        }
    }
}
