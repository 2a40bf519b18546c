using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Training;

/// <summary>
/// Connects a graph with a data set: which field feeds which input, and which value holds the logits. A model that ends in
/// Softmax is trained on what goes into it.
/// </summary>
internal sealed class ModelPort : IDisposable
{
    private static readonly Operator Flatten = new("aten::flatten", "using_ints");

    private readonly int[] _fields;
    private readonly Tensor?[] _moved;
    private readonly bool _wantsLogits;
    private readonly string? _logits;

    /// <summary>Compiles the model.</summary>
    /// <exception cref="TrainingException">The model's inputs do not fit the data set's.</exception>
    public ModelPort(OnnxModel model, Dataset dataset, GraphExecutorOptions options, bool wantsLogits)
    {
        _fields = Fields(model.Graph, dataset);
        _moved = new Tensor?[_fields.Length];
        _wantsLogits = wantsLogits;
        _logits = wantsLogits ? LogitsBehind(model.Graph) : null;
        Executor = new GraphExecutor(model, _logits is null ? options : options with { Keep = [_logits] });
    }

    public GraphExecutor Executor { get; }

    /// <summary>Runs the graph on a batch.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="mode">Whether gradients are recorded, and whether to behave as in training.</param>
    /// <param name="first">What stands for the batch's first input; null takes the batch's own.</param>
    /// <returns>The first output, or the logits behind it; the caller disposes it.</returns>
    public Tensor Run(Batch batch, RunMode mode, Tensor? first = null)
    {
        var inputs = new Tensor[_fields.Length];
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                Tensor input = first is not null && _fields[i] == 0 ? first : batch.Input(_fields[i]);
                _moved[i] = DeviceCopy.Of(input, Executor.Device);
                inputs[i] = _moved[i] ?? input;
            }
            Tensor[] outputs = Executor.Run(inputs, mode);
            for (int i = 1; i < outputs.Length; i++)
            {
                outputs[i].Dispose();
            }
            Tensor result = outputs[0];
            if (_logits is not null)
            {
                result.Dispose();
                result = Executor.Kept(_logits).Share();
            }
            return _wantsLogits && result.Rank > 2 ? Flat(result) : result;
        }
        finally
        {
            for (int i = 0; i < _moved.Length; i++)
            {
                _moved[i]?.Dispose();
                _moved[i] = null;
            }
        }
    }

    public void Dispose() => Executor.Dispose();

    // Convolutional heads leave [N, classes, 1, 1].
    private static Tensor Flat(Tensor logits)
    {
        using (logits)
        {
            return Flatten.Call(logits, 1);
        }
    }

    private static int[] Fields(OnnxGraph graph, Dataset dataset)
    {
        List<Value> inputs = [.. graph.Inputs.Where(input => input.Constant is null)];
        if (inputs.Count > dataset.Inputs.Count)
        {
            throw new TrainingException($"the model takes {inputs.Count} inputs ({string.Join(", ", inputs.Select(input => input.Name))}), {dataset.Name} has {dataset.Inputs.Count}");
        }
        if (graph.Outputs.Count == 0)
        {
            throw new TrainingException($"graph '{graph.Name}' has no output");
        }
        var fields = new int[inputs.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            int named = dataset.Inputs.ToList().FindIndex(field => field.Name == inputs[i].Name);
            fields[i] = named >= 0 ? named : i;
            Field field = dataset.Inputs[fields[i]];
            if (inputs[i].Shape is { } shape && !Fits(shape, field))
            {
                throw new TrainingException(
                    $"input '{inputs[i].Name}' {shape} does not fit samples [{string.Join(',', field.Shape.ToArray())}] of {dataset.Name}: build the model for this size");
            }
        }
        return fields;
    }

    private static bool Fits(TensorShape shape, Field field)
    {
        if (shape.Rank != field.Shape.Length + 1)
        {
            return false;
        }
        for (int axis = 1; axis < shape.Rank; axis++)
        {
            if (shape[axis].Size is { } size && size != field.Shape[axis - 1])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>What goes into the Softmax at the end; null where there is none.</summary>
    private static string? LogitsBehind(OnnxGraph graph)
    {
        Node? last = graph.Outputs[0].Producer;
        while (last?.Is("Identity") == true)
        {
            last = last.Input(0)?.Producer;
        }
        return last?.Is("Softmax") == true && last.Input(0) is { Constant: null } logits ? logits.Name : null;
    }
}
