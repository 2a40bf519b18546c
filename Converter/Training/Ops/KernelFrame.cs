using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The inputs and outputs of one node during one run. Inputs belong to the frame, outputs are handed over to it.</summary>
public sealed class KernelFrame
{
    private readonly Tensor?[] _slots;
    private readonly long[]?[] _constantIntegers;
    private int[] _inputs = [];
    private int[] _outputs = [];

    internal KernelFrame(Tensor?[] slots, long[]?[] constantIntegers)
    {
        _slots = slots;
        _constantIntegers = constantIntegers;
    }

    /// <summary>Whether the graph is being trained: dropout drops, batch normalisation uses and updates statistics.</summary>
    public bool IsTraining { get; internal set; }

    /// <summary>Where the graph runs.</summary>
    public Device Device { get; internal init; }

    /// <summary>A required input; not the kernel's to dispose.</summary>
    /// <param name="index">Its place.</param>
    /// <exception cref="ArgumentException">The model leaves it out.</exception>
    public Tensor Input(int index) => OptionalInput(index) ?? throw new ArgumentException($"input {index} is missing");

    /// <summary>An input, or null where the model leaves it out.</summary>
    /// <param name="index">Its place.</param>
    public Tensor? OptionalInput(int index) =>
        index < _inputs.Length && _inputs[index] >= 0
            ? _slots[_inputs[index]] ?? throw new ArgumentException($"input {index} has no value")
            : null;

    /// <summary>The elements of an int64 input (a shape, axes), or null where the model leaves it out.</summary>
    /// <param name="index">Its place.</param>
    public long[]? OptionalIntegers(int index)
    {
        if (index >= _inputs.Length || _inputs[index] < 0)
        {
            return null;
        }
        return _constantIntegers[_inputs[index]] ?? Input(index).ToArray<long>();
    }

    /// <summary>The elements of a required int64 input (a shape, axes).</summary>
    /// <param name="index">Its place.</param>
    /// <exception cref="ArgumentException">The model leaves it out.</exception>
    public long[] Integers(int index) => OptionalIntegers(index) ?? throw new ArgumentException($"input {index} is missing");

    /// <summary>Hands over an output.</summary>
    /// <param name="tensor">The tensor; the frame disposes it.</param>
    /// <param name="index">Its place.</param>
    public void Output(Tensor tensor, int index = 0)
    {
        int slot = index < _outputs.Length ? _outputs[index] : -1;
        if (slot < 0)
        {
            tensor.Dispose();
            return;
        }
        _slots[slot]?.Dispose();
        _slots[slot] = tensor;
    }

    internal void Bind(int[] inputs, int[] outputs)
    {
        _inputs = inputs;
        _outputs = outputs;
    }
}
