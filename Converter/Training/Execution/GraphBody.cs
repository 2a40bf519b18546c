using Edge.Torch;
using Edge.Training.Ops;

namespace Edge.Training.Execution;

/// <summary>A graph, or a graph inside a node, as a list of steps over the slots that all of them share.</summary>
/// <param name="inputs">Where it finds its inputs.</param>
/// <param name="outputs">Where it leaves its outputs, in order, with their names.</param>
internal sealed class GraphBody(int[] inputs, (int Slot, string Name)[] outputs)
{
    private KernelFrame? _frame;

    public List<Step> Steps { get; } = [];

    public int InputCount => inputs.Length;

    public int OutputCount => outputs.Length;

    /// <summary>The slots of its outputs.</summary>
    public IEnumerable<int> OutputSlots
    {
        get
        {
            foreach ((int slot, _) in outputs)
            {
                yield return slot;
            }
        }
    }

    /// <summary>Runs the steps once.</summary>
    /// <param name="state">The slots.</param>
    /// <param name="values">The inputs; they stay the caller's.</param>
    /// <returns>The outputs; the caller disposes them.</returns>
    public Tensor[] Run(ExecutionState state, ReadOnlySpan<Tensor> values)
    {
        if (values.Length != inputs.Length)
        {
            throw new ArgumentException($"the graph takes {inputs.Length} inputs, not {values.Length}");
        }
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                state.Slots[inputs[i]] = values[i];
            }
            foreach (Step step in Steps)
            {
                if (!(step.DependsOnShapesOnly && state.KnowsShapes))
                {
                    RunStep(state, step);
                }
            }
            return Share(state);
        }
        finally
        {
            Clear(state);
        }
    }

    /// <summary>Runs one step and frees what nobody reads any more.</summary>
    public void RunStep(ExecutionState state, Step step)
    {
        KernelFrame frame = _frame ??= new KernelFrame(state);
        (long, long) mark = state.Clock?.Begin() ?? default;
        try
        {
            frame.Bind(step);
            step.Kernel(frame);
        }
        catch (Exception e) when (e is TorchException or ArgumentException)
        {
            throw new TrainingException($"{step.Node.Describe()}: {e.Message}", e);
        }
        finally
        {
            frame.Release();
        }
        state.Clock?.End(step.Node, mark);
        foreach (int slot in step.Release)
        {
            state.Slots[slot]?.Dispose();
            state.Slots[slot] = null;
        }
    }

    private Tensor[] Share(ExecutionState state)
    {
        var results = new Tensor[outputs.Length];
        try
        {
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = (state.Slots[outputs[i].Slot] ?? throw new TrainingException($"output '{outputs[i].Name}' is made by no node")).Share();
            }
            return results;
        }
        catch
        {
            foreach (Tensor? result in results)
            {
                result?.Dispose();
            }
            throw;
        }
    }

    /// <summary>Empties the slots that the steps and the caller filled; what the caller brought is not disposed.</summary>
    private void Clear(ExecutionState state)
    {
        foreach (int slot in inputs)
        {
            state.Slots[slot] = null;
        }
        foreach (Step step in Steps)
        {
            if (!step.DependsOnShapesOnly)
            {
                Empty(state, step);
            }
        }
    }

    /// <summary>Frees what a step made.</summary>
    public static void Empty(ExecutionState state, Step step)
    {
        foreach (int slot in step.Outputs)
        {
            if (slot >= 0)
            {
                state.Slots[slot]?.Dispose();
                state.Slots[slot] = null;
                state.Integers[slot] = null;
            }
        }
    }
}
