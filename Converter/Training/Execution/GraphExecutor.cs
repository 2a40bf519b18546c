using Edge.Graph;
using Edge.Torch;
using Edge.Training.Execution;
using Edge.Training.Ops;

namespace Edge.Training;

/// <summary>
/// Runs an ONNX graph with libtorch under autograd. The graph is compiled once into steps; what depends on constants only is
/// computed once; intermediate results are freed after their last use. Weights live here while they are trained;
/// <see cref="WriteBack"/> puts them into the graph.
/// </summary>
/// <remarks>
/// Trainable are the float initializers, except settings (limits of Clip, ratios), running statistics, and tensors of rank 0,
/// which are numbers in a formula. For one thread at a time.
/// </remarks>
public sealed class GraphExecutor : IDisposable
{
    // Filters with their channels side by side make libtorch keep images so too, which its 2-D convolutions and pools are
    // faster with. Shapes and results are the same.
    private const int ChannelsLast = 2;
    private static readonly Operator ToLayout = new("aten::to", "dtype_layout");

    private readonly OnnxModel _model;
    private readonly ExecutionPlan _plan;
    private readonly ExecutionState _state;
    private readonly List<Tensor> _constants = [];
    private readonly List<(Value Value, Tensor Tensor)> _writable = [];
    private readonly IReadOnlyList<string> _keep;
    private readonly Dictionary<string, Tensor> _kept = new(StringComparer.Ordinal);
    private readonly OperatorClock? _clock;
    private long[][] _shapes = [];
    private bool _disposed;

    /// <summary>Compiles a model's graph and puts its weights on a device.</summary>
    /// <param name="model">The model; its graph may not be edited while the executor lives.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="table">The operators; by default ONNX's own.</param>
    /// <exception cref="UnsupportedOperatorException">A node's operator, its version or an attribute is not known.</exception>
    /// <exception cref="TrainingException">The graph has something else that cannot be executed.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public GraphExecutor(OnnxModel model, Device device = default, OperatorTable? table = null)
        : this(model, new GraphExecutorOptions { Device = device, Table = table })
    {
    }

    /// <summary>Compiles a model's graph and puts its weights on a device.</summary>
    /// <param name="model">The model; its graph may not be edited while the executor lives.</param>
    /// <param name="options">How.</param>
    /// <exception cref="UnsupportedOperatorException">A node's operator, its version or an attribute is not known.</exception>
    /// <exception cref="TrainingException">The graph has something else that cannot be executed, or a value to keep does not exist.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public GraphExecutor(OnnxModel model, GraphExecutorOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _model = model;
        _keep = options.Keep;
        _clock = options.Profile ? new OperatorClock() : null;
        _plan = new ExecutionPlan(model, options);
        _state = new ExecutionState(_plan.SlotCount, options.Device, _clock);
        _state.Kept.UnionWith(_plan.KeptSlots);
        var parameters = new List<Parameter>();
        var state = new List<Parameter>();
        try
        {
            LoadConstants(options, parameters, state);
            ComputeConstants();
        }
        catch
        {
            Dispose();
            foreach (Tensor? tensor in _state.Slots)
            {
                tensor?.Dispose();
            }
            throw;
        }
        Parameters = parameters;
        State = state;
    }

    /// <summary>Where it runs.</summary>
    public Device Device => _state.Device;

    /// <summary>What <see cref="Run(ReadOnlySpan{Tensor}, RunMode)"/> takes, in order: the graph's inputs that have no constant.</summary>
    public IReadOnlyList<Value> Inputs => _plan.Inputs;

    /// <summary>What a run gives, in order.</summary>
    public IReadOnlyList<Value> Outputs => _plan.Outputs;

    /// <summary>The weights, in the order in which the graph uses them.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What training changes without gradients: running statistics.</summary>
    public IReadOnlyList<Parameter> State { get; }

    /// <summary>The time by operator, the longest first; empty unless <see cref="GraphExecutorOptions.Profile"/> is set.</summary>
    public IReadOnlyList<OperatorTime> Profile => _clock?.Totals ?? [];

    /// <summary>Runs the graph once.</summary>
    /// <param name="inputs">
    /// As many as <see cref="Inputs"/>, on the executor's device; they stay the caller's. One with
    /// <see cref="Tensor.RequiresGrad"/> set gets its gradient too.
    /// </param>
    /// <param name="mode">Whether gradients are recorded, and whether to behave as in training.</param>
    /// <returns>The outputs; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    /// <exception cref="TrainingException">A node fails on these inputs; the message names it.</exception>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, RunMode mode)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ForgetKept();
        _clock?.BeginRun();
        _state.Mode = mode;
        CompareShapes(inputs);
        Tensor[] all;
        if (mode == RunMode.Inference)
        {
            using NoGrad scope = NoGrad.Enter();
            all = _plan.Body.Run(_state, inputs);
        }
        else
        {
            all = _plan.Body.Run(_state, inputs);
        }
        _state.KnowsShapes = true;
        for (int i = 0; i < _keep.Count; i++)
        {
            Tensor tensor = all[Outputs.Count + i];
            if (!_kept.TryAdd(_keep[i], tensor))
            {
                tensor.Dispose();
            }
            else if (mode != RunMode.Inference && tensor.RequiresGrad)
            {
                tensor.RetainGradient();
            }
        }
        return _keep.Count == 0 ? all : all[..Outputs.Count];
    }

    /// <summary>Runs the graph once; see <see cref="Run(ReadOnlySpan{Tensor}, RunMode)"/>.</summary>
    /// <param name="inputs">As many as <see cref="Inputs"/>, on the executor's device; they stay the caller's.</param>
    /// <param name="training">True stands for <see cref="RunMode.Training"/>, false for <see cref="RunMode.Inference"/>.</param>
    /// <returns>The outputs; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    /// <exception cref="TrainingException">A node fails on these inputs; the message names it.</exception>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, bool training) => Run(inputs, training ? RunMode.Training : RunMode.Inference);

    /// <summary>Runs the graph once; see <see cref="Run(ReadOnlySpan{Tensor}, RunMode)"/>.</summary>
    /// <param name="inputs">A value for each of <see cref="Inputs"/>, by name; they stay the caller's.</param>
    /// <param name="mode">Whether gradients are recorded, and whether to behave as in training.</param>
    /// <returns>The outputs; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">An input is missing, or the graph has none of that name.</exception>
    /// <exception cref="TrainingException">A node fails on these inputs; the message names it.</exception>
    public Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs, RunMode mode)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var values = new Tensor[Inputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = inputs.TryGetValue(Inputs[i].Name, out Tensor? value)
                ? value
                : throw new ArgumentException($"input '{Inputs[i].Name}' is missing", nameof(inputs));
        }
        foreach (string name in inputs.Keys)
        {
            if (!Inputs.Any(input => input.Name == name))
            {
                throw new ArgumentException($"the graph has no input '{name}'", nameof(inputs));
            }
        }
        return Run(values, mode);
    }

    /// <summary>Runs a graph of one input once and gives its first output; see <see cref="Run(ReadOnlySpan{Tensor}, RunMode)"/>.</summary>
    /// <param name="input">The input, on the executor's device; it stays the caller's.</param>
    /// <param name="training">True stands for <see cref="RunMode.Training"/>, false for <see cref="RunMode.Inference"/>.</param>
    /// <returns>The first output; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The graph takes more or fewer inputs.</exception>
    /// <exception cref="TrainingException">A node fails on this input; the message names it.</exception>
    public Tensor Run(Tensor input, bool training)
    {
        Tensor[] results = Run([input], training);
        for (int i = 1; i < results.Length; i++)
        {
            results[i].Dispose();
        }
        return results.Length > 0 ? results[0] : throw new TrainingException("the graph has no output");
    }

    /// <summary>Computes the gradients of what followed the last run, a loss; with <see cref="GraphExecutorOptions.Profile"/> their time counts.</summary>
    /// <param name="loss">The loss, a scalar.</param>
    /// <exception cref="TorchException">It is not a scalar, or nothing was recorded.</exception>
    public void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (_clock is not null && Device.IsCpu)
        {
            _clock.Backward(loss);
            return;
        }
        loss.Backward();
    }

    /// <summary>
    /// A value inside the graph as the last run made it; its gradient is there after <see cref="Tensor.Backward(Tensor?)"/>. It belongs to
    /// the executor and lives until the next run.
    /// </summary>
    /// <param name="name">One of <see cref="GraphExecutorOptions.Keep"/>.</param>
    /// <exception cref="ArgumentException">The value is not kept, or nothing has run yet.</exception>
    public Tensor Kept(string name) => _kept.TryGetValue(name, out Tensor? tensor)
        ? tensor
        : throw new ArgumentException(_keep.Contains(name) ? "nothing has run yet" : $"the value '{name}' is not kept", nameof(name));

    /// <summary>Puts the weights and running statistics into the graph's initializers.</summary>
    public void WriteBack()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach ((Value value, Tensor tensor) in _writable)
        {
            OnnxTensor old = value.Constant!;
            OnnxTensor written = TensorConversion.ToOnnx(tensor, old.Type);
            value.Graph.SetConstant(value, new OnnxTensor(old.Type, old.Dims, written.Bytes) { Name = old.Name, DocString = old.DocString });
        }
    }

    /// <summary>Frees the weights here; the graph keeps what was last written back.</summary>
    public void Dispose()
    {
        _disposed = true;
        ForgetKept();
        ForgetShapes();
        foreach (Tensor tensor in _constants)
        {
            tensor.Dispose();
        }
    }

    private void LoadConstants(GraphExecutorOptions options, List<Parameter> parameters, List<Parameter> state)
    {
        foreach (Value value in _plan.Initializers())
        {
            OnnxTensor constant = value.Constant!;
            Tensor tensor = AddConstant(_plan.Slot(value), constant, $"initializer '{value.Name}'", isFilter: _plan.Filters.Contains(value));
            if (_plan.Trainable.Contains(value))
            {
                parameters.Add(new Parameter(value.Name, tensor, isTrainable: options.IsTrainable?.Invoke(value.Name) ?? true));
                _writable.Add((value, tensor));
            }
            else if (_plan.State.Contains(value))
            {
                state.Add(new Parameter(value.Name, tensor, isTrainable: false));
                _writable.Add((value, tensor));
            }
        }
        foreach ((int slot, OnnxTensor constant, string what) in _plan.ConstantNodes)
        {
            AddConstant(slot, constant, what, isFilter: false);
        }
    }

    private Tensor AddConstant(int slot, OnnxTensor constant, string what, bool isFilter)
    {
        Tensor tensor = TensorConversion.ToTorch(constant, what, Device);
        if (isFilter && constant.Dims.Length == 4)
        {
            using Tensor planar = tensor;
            tensor = ToLayout.Call(planar, Argument.Default, Argument.Default, Argument.Default, Argument.Default, false, false, ChannelsLast);
        }
        _constants.Add(tensor);
        _state.Slots[slot] = tensor;
        _state.Integers[slot] = constant.Type == ElementType.Int64 ? constant.ToArray<long>() : null;
        return tensor;
    }

    /// <summary>Runs what depends on nothing that is trained or fed, once and for all.</summary>
    private void ComputeConstants()
    {
        var moving = new HashSet<int>(_writable.Select(item => _plan.Slot(item.Value)));
        var computed = new HashSet<int>();
        using NoGrad scope = NoGrad.Enter();
        _plan.Body.Steps.RemoveAll(step =>
        {
            if (!step.IsPure || !Array.TrueForAll(step.Inputs, slot => slot < 0 || (_state.Slots[slot] is not null && !moving.Contains(slot))))
            {
                return false;
            }
            step.Release.Clear();
            _plan.Body.RunStep(_state, step);
            computed.UnionWith(step.Outputs);
            return true;
        });
        var constants = new HashSet<int>(computed);
        foreach (Value value in _plan.Initializers())
        {
            constants.Add(_plan.Slot(value));
        }
        constants.UnionWith(_plan.ConstantNodes.Select(item => item.Slot));
        constants.ExceptWith(moving);
        ShapeDependence.Mark(_plan, constants);
        var read = new HashSet<int>(_plan.Body.OutputSlots);
        foreach (Step step in _plan.Body.Steps)
        {
            step.Release.RemoveAll(computed.Contains);
            read.UnionWith(step.Inputs);
            read.UnionWith(step.Captured);
        }
        foreach (int slot in computed)
        {
            if (slot < 0 || _state.Slots[slot] is not { } tensor)
            {
                continue;
            }
            if (read.Contains(slot))
            {
                _constants.Add(tensor);
                _state.Integers[slot] = tensor.Type == DataType.Int64 ? tensor.ToArray<long>() : null;
            }
            else
            {
                tensor.Dispose();
                _state.Slots[slot] = null;
            }
        }
    }

    /// <summary>What was computed from the sizes of the last inputs holds only for the same sizes.</summary>
    private void CompareShapes(ReadOnlySpan<Tensor> inputs)
    {
        bool isSame = _shapes.Length == inputs.Length;
        for (int i = 0; isSame && i < inputs.Length; i++)
        {
            isSame = _shapes[i].AsSpan().SequenceEqual(inputs[i].Shape);
        }
        if (_state.KnowsShapes && isSame)
        {
            return;
        }
        ForgetShapes();
        _shapes = new long[inputs.Length][];
        for (int i = 0; i < inputs.Length; i++)
        {
            _shapes[i] = inputs[i].Shape;
        }
    }

    private void ForgetShapes()
    {
        _state.KnowsShapes = false;
        foreach (Step step in _plan.Body.Steps)
        {
            if (step.DependsOnShapesOnly)
            {
                GraphBody.Empty(_state, step);
            }
        }
    }

    private void ForgetKept()
    {
        foreach (Tensor tensor in _kept.Values)
        {
            tensor.Dispose();
        }
        _kept.Clear();
    }
}
