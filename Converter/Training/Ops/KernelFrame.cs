using Edge.Graph;
using Edge.Torch;
using Edge.Training.Execution;

namespace Edge.Training.Ops;

/// <summary>
/// The inputs and outputs of one node during one run. Inputs belong to the frame, outputs are handed over to it, and what
/// <see cref="Run"/> makes on the way is freed when the node is done.
/// </summary>
public sealed class KernelFrame
{
    private static readonly Operator ToType = new("aten::to", "dtype");
    private static readonly Operator Mask = new("aten::bitwise_and", "Scalar");
    private static readonly Operator Least = new("aten::min");
    private static readonly Operator Number = new("aten::item");

    private readonly ExecutionState _state;
    private readonly List<Tensor> _temporaries = [];
    private Tensor?[] _widened = new Tensor?[4];
    private Step? _step;

    internal KernelFrame(ExecutionState state) => _state = state;

    /// <summary>Whether the graph is being trained: dropout drops, batch normalisation uses and updates statistics.</summary>
    public bool IsTraining => _state.Mode == RunMode.Training;

    /// <summary>Whether operators are recorded for gradients.</summary>
    public bool RecordsGradients => _state.Mode != RunMode.Inference;

    /// <summary>Where the graph runs.</summary>
    public Device Device => _state.Device;

    /// <summary>How many inputs the node names, those left out included.</summary>
    public int InputCount => Current.Inputs.Length;

    private Step Current => _step ?? throw new InvalidOperationException("the frame is bound to no node");

    /// <summary>A required input; not the kernel's to dispose.</summary>
    /// <param name="index">Its place.</param>
    /// <exception cref="ArgumentException">The model leaves it out.</exception>
    public Tensor Input(int index) => OptionalInput(index) ?? throw new ArgumentException($"input {index} is missing");

    /// <summary>An input, or null where the model leaves it out.</summary>
    /// <param name="index">Its place.</param>
    public Tensor? OptionalInput(int index)
    {
        int[] inputs = Current.Inputs;
        if (index >= inputs.Length || inputs[index] < 0)
        {
            return null;
        }
        Tensor tensor = _state.Slots[inputs[index]] ?? throw new ArgumentException($"input {index} has no value");
        return Current.WidensHalf ? Widened(index, tensor) : tensor;
    }

    /// <summary>The elements of a whole-number input (a shape, axes), or null where the model leaves it out.</summary>
    /// <param name="index">Its place.</param>
    public long[]? OptionalIntegers(int index)
    {
        int[] inputs = Current.Inputs;
        if (index >= inputs.Length || inputs[index] < 0)
        {
            return null;
        }
        if (_state.Integers[inputs[index]] is { } known)
        {
            return known;
        }
        Tensor tensor = Input(index);
        return (tensor.Type == DataType.Int64 ? tensor : Run(ToType, tensor, DataType.Int64)).ToArray<long>();
    }

    /// <summary>The elements of a required whole-number input (a shape, axes).</summary>
    /// <param name="index">Its place.</param>
    /// <exception cref="ArgumentException">The model leaves it out.</exception>
    public long[] Integers(int index) => OptionalIntegers(index) ?? throw new ArgumentException($"input {index} is missing");

    /// <summary>Calls an operator for a result that is needed only until the node is done, or as an output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The first result; the frame disposes it.</returns>
    public Tensor Run(Operator op, params ReadOnlySpan<Argument> arguments)
    {
        ArgumentNullException.ThrowIfNull(op);
        return Hold(op.Call(arguments));
    }

    /// <summary>Takes a tensor over until the node is done, or until it becomes an output.</summary>
    /// <param name="tensor">The tensor.</param>
    public Tensor Hold(Tensor tensor)
    {
        _temporaries.Add(tensor);
        return tensor;
    }

    /// <summary>Hands over an output.</summary>
    /// <param name="tensor">The tensor; the frame disposes it. An input of the node is shared.</param>
    /// <param name="index">Its place.</param>
    public void Output(Tensor tensor, int index = 0)
    {
        Step step = Current;
        int slot = index < step.Outputs.Length ? step.Outputs[index] : -1;
        if (slot < 0)
        {
            if (!_temporaries.Contains(tensor) && !IsInput(tensor))
            {
                tensor.Dispose();
            }
            return;
        }
        Tensor result = IsInput(tensor) ? tensor.Share() : tensor;
        _temporaries.Remove(result);
        if (step.NarrowOutputs[index] is not ElementType.Undefined and var type)
        {
            result = Narrow(result, type);
        }
        if (_state.Kept.Contains(slot) && _state.Mode != RunMode.Inference)
        {
            result = WithGradient(result);
        }
        _state.Slots[slot]?.Dispose();
        _state.Slots[slot] = result;
    }

    internal void Bind(Step step)
    {
        _step = step;
        if (step.WidensHalf && _widened.Length < step.Inputs.Length)
        {
            _widened = new Tensor?[step.Inputs.Length];
        }
    }

    /// <summary>Runs a graph inside the node; the caller disposes the results.</summary>
    internal Tensor[] RunBody(GraphBody body, ReadOnlySpan<Tensor> inputs) => body.Run(_state, inputs);

    /// <summary>Frees what the node made on the way.</summary>
    internal void Release()
    {
        foreach (Tensor tensor in _temporaries)
        {
            tensor.Dispose();
        }
        _temporaries.Clear();
        if (_step is { WidensHalf: true })
        {
            Array.Clear(_widened);
        }
        _step = null;
    }

    private Tensor Widened(int index, Tensor tensor)
    {
        if (_widened[index] is { } known)
        {
            return known;
        }
        return _widened[index] = tensor.Type is DataType.Float16 or DataType.BFloat16 ? Run(ToType, tensor, DataType.Float32) : tensor;
    }

    private bool IsInput(Tensor tensor)
    {
        foreach (int slot in Current.Inputs)
        {
            if (slot >= 0 && ReferenceEquals(_state.Slots[slot], tensor))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Where no gradient would flow, because nothing before it needs one, a new beginning of gradients.</summary>
    private static Tensor WithGradient(Tensor tensor)
    {
        if (tensor.RequiresGrad || !tensor.Type.IsFloatingPoint())
        {
            return tensor;
        }
        using (tensor)
        {
            Tensor leaf = tensor.Detach();
            leaf.RequiresGrad = true;
            return leaf;
        }
    }

    private static Tensor Narrow(Tensor tensor, ElementType type)
    {
        using (tensor)
        {
            switch (type)
            {
                case ElementType.UInt16:
                    return Mask.Call(tensor, ushort.MaxValue);
                case ElementType.UInt32:
                    return Mask.Call(tensor, uint.MaxValue);
                case ElementType.UInt64:
                    if (tensor.Length > 0)
                    {
                        using Tensor least = Least.Call(tensor);
                        if (Number.CallNumber(least) < 0)
                        {
                            throw new ArgumentException($"a uint64 above {long.MaxValue} came out, which the training engine does not have");
                        }
                    }
                    return tensor.Share();
                default:
                    return tensor.Type.IsFloatingPoint() ? ToType.Call(tensor, TensorConversion.ToDataType(type)!.Value) : tensor.Share();
            }
        }
    }
}
