using Edge.Conformance.Suite;
using Edge.Foundation;
using Edge.Graph;
using Edge.Torch;
using Edge.Training;

namespace Edge.Conformance.Training;

/// <summary>Lets the training engine execute a case of the suite.</summary>
public static class TrainingRunner
{
    /// <summary>Runs a case.</summary>
    /// <param name="item">The case.</param>
    /// <returns>What became of it.</returns>
    public static TrainingOutcome Run(NodeCase item)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            string? difference = Execute(item);
            return difference is null ? new TrainingOutcome(TrainingVerdict.Right, "") : new TrainingOutcome(TrainingVerdict.Wrong, difference);
        }
        catch (InputException e)
        {
            return new TrainingOutcome(TrainingVerdict.Refused, e.Message);
        }
        // A failure of any other kind is a finding about this case, and the next case is waiting.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new TrainingOutcome(TrainingVerdict.Wrong, $"{e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n')[0].Trim()}");
        }
    }

    private static string? Execute(NodeCase item)
    {
        OnnxModel model = OnnxModel.Parse(item.Model, item.Name);
        using var executor = new GraphExecutor(model);
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach ((int index, byte[] file) in item.Inputs)
            {
                Value input = model.Graph.Inputs[index];
                CaseValue value = CaseFile.Read(file, input.Type, $"{item.Name}: input '{input.Name}'");
                inputs[input.Name] = value is TensorCaseValue { Tensor: var tensor }
                    ? TensorConversion.ToTorch(tensor, $"input '{input.Name}'")
                    : throw new TrainingException($"input '{input.Name}': the training engine takes tensors, not {input.Type}");
            }
            Tensor[] outputs = executor.Run(inputs, RunMode.Inference);
            try
            {
                return Compare(item, model, outputs);
            }
            finally
            {
                Array.ForEach(outputs, output => output.Dispose());
            }
        }
        finally
        {
            foreach (Tensor tensor in inputs.Values)
            {
                tensor.Dispose();
            }
        }
    }

    private static string? Compare(NodeCase item, OnnxModel model, Tensor[] outputs)
    {
        ValueComparer comparer = CaseRunner.ComparerFor(model);
        foreach ((int index, byte[] file) in item.Outputs)
        {
            Value output = model.Graph.Outputs[index];
            CaseValue expected = CaseFile.Read(file, output.Type, $"{item.Name}: output '{output.Name}'");
            OnnxTensor actual = TensorConversion.ToOnnx(outputs[index], (expected as TensorCaseValue)?.Tensor.Type ?? ElementType.Float);
            if (comparer.Difference(new TensorCaseValue(actual), expected) is { } difference)
            {
                return $"output '{output.Name}': {difference}";
            }
        }
        return null;
    }
}
