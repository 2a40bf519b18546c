using Edge.Graph;
using Edge.Torch;
using Edge.Training.Execution;
using Edge.Training.Ops;

namespace Edge.Training;

/// <summary>
/// Runs an ONNX graph with libtorch under autograd. The graph is compiled once into steps; intermediate results are freed
/// after their last use. Weights live here while they are trained; <see cref="WriteBack"/> puts them into the graph.
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
    private readonly Tensor?[] _slots;
    private readonly List<Tensor> _constants = [];
    private readonly List<(Value Value, Tensor Tensor)> _writable = [];
    private readonly KernelFrame _frame;
    private readonly int[] _inputSlots;
    private readonly int[] _outputSlots;
    private bool _disposed;

    /// <summary>Compiles a model's graph and puts its weights on a device.</summary>
    /// <param name="model">The model; its graph may not be edited while the executor lives.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="table">The operators; by default ONNX's own.</param>
    /// <exception cref="UnsupportedOperatorException">A node's operator, its version or an attribute is not known.</exception>
    /// <exception cref="TrainingException">The graph has something else that cannot be executed.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public GraphExecutor(OnnxModel model, Device device = default, OperatorTable? table = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        Device = device;
        _plan = new ExecutionPlan(model, table ?? OperatorTable.Standard);
        _slots = new Tensor?[_plan.SlotCount];
        var integers = new long[]?[_plan.SlotCount];
        var parameters = new List<Parameter>();
        var state = new List<Parameter>();
        try
        {
            foreach (Value value in _plan.Constants())
            {
                OnnxTensor constant = value.Constant!;
                Tensor tensor = TensorConversion.ToTorch(constant, $"initializer '{value.Name}'", device);
                if (_plan.Filters.Contains(value) && constant.Dims.Length == 4)
                {
                    using Tensor planar = tensor;
                    tensor = ToLayout.Call(planar, Argument.Default, Argument.Default, Argument.Default, Argument.Default, false, false, ChannelsLast);
                }
                _constants.Add(tensor);
                int slot = _plan.Slot(value);
                _slots[slot] = tensor;
                integers[slot] = constant.Type == ElementType.Int64 ? constant.ToArray<long>() : null;
                if (_plan.Trainable.Contains(value))
                {
                    parameters.Add(new Parameter(value.Name, tensor, isTrainable: true));
                    _writable.Add((value, tensor));
                }
                else if (_plan.State.Contains(value))
                {
                    state.Add(new Parameter(value.Name, tensor, isTrainable: false));
                    _writable.Add((value, tensor));
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        Parameters = parameters;
        State = state;
        _frame = new KernelFrame(_slots, integers) { Device = device };
        _inputSlots = [.. _plan.Inputs.Select(_plan.Slot)];
        _outputSlots = [.. _plan.Outputs.Select(_plan.Slot)];
    }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>What <see cref="Run(ReadOnlySpan{Tensor}, bool)"/> takes, in order: the graph's inputs that have no constant.</summary>
    public IReadOnlyList<Value> Inputs => _plan.Inputs;

    /// <summary>What a run gives, in order.</summary>
    public IReadOnlyList<Value> Outputs => _plan.Outputs;

    /// <summary>The weights, in the order in which the graph uses them.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What training changes without gradients: running statistics.</summary>
    public IReadOnlyList<Parameter> State { get; }

    /// <summary>Runs the graph once.</summary>
    /// <param name="inputs">As many as <see cref="Inputs"/>, on the executor's device; they stay the caller's.</param>
    /// <param name="training">
    /// True records gradients and lets dropout and batch normalisation behave as in training; false does neither.
    /// </param>
    /// <returns>The outputs; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    /// <exception cref="TrainingException">A node fails on these inputs; the message names it.</exception>
    public Tensor[] Run(ReadOnlySpan<Tensor> inputs, bool training)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (inputs.Length != _inputSlots.Length)
        {
            throw new ArgumentException($"the graph takes {_inputSlots.Length} inputs, not {inputs.Length}", nameof(inputs));
        }
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                _slots[_inputSlots[i]] = inputs[i];
            }
            _frame.IsTraining = training;
            if (training)
            {
                RunSteps();
            }
            else
            {
                using NoGrad scope = NoGrad.Enter();
                RunSteps();
            }
            var results = new Tensor[_outputSlots.Length];
            for (int i = 0; i < results.Length; i++)
            {
                Tensor tensor = _slots[_outputSlots[i]]
                    ?? throw new TrainingException($"output '{_plan.Outputs[i].Name}' is made by no node");
                results[i] = tensor.Share();
            }
            return results;
        }
        finally
        {
            ClearSlots(inputs);
        }
    }

    /// <summary>Runs a graph of one input and one output once; see <see cref="Run(ReadOnlySpan{Tensor}, bool)"/>.</summary>
    /// <param name="input">The input, on the executor's device; it stays the caller's.</param>
    /// <param name="training">Whether to record gradients and behave as in training.</param>
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

    /// <summary>Puts the weights and running statistics into the graph's initializers.</summary>
    public void WriteBack()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach ((Value value, Tensor tensor) in _writable)
        {
            _model.Graph.SetConstant(value, TensorConversion.ToOnnx(tensor, value.Constant!));
        }
    }

    /// <summary>Frees the weights here; the graph keeps what was last written back.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (Tensor tensor in _constants)
        {
            tensor.Dispose();
        }
    }

    private void RunSteps()
    {
        foreach (Step step in _plan.Steps)
        {
            try
            {
                _frame.Bind(step.Inputs, step.Outputs);
                step.Kernel(_frame);
            }
            catch (Exception e) when (e is TorchException or ArgumentException)
            {
                throw new TrainingException($"{step.Node.Describe()}: {e.Message}", e);
            }
            foreach (int slot in step.Release)
            {
                _slots[slot]?.Dispose();
                _slots[slot] = null;
            }
        }
    }

    /// <summary>Empties every slot but the constants'; what the caller brought is not disposed.</summary>
    private void ClearSlots(ReadOnlySpan<Tensor> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            _slots[_inputSlots[i]] = null;
        }
        foreach (Step step in _plan.Steps)
        {
            foreach (int slot in step.Outputs)
            {
                if (slot >= 0)
                {
                    _slots[slot]?.Dispose();
                    _slots[slot] = null;
                }
            }
        }
    }
}
