using Edge.Graph;

namespace Edge.Judging;

/// <summary>The part of a classifier that has gradients: from its first float value to the scores below a final softmax.</summary>
/// <param name="Model">That part, of one input and one output.</param>
/// <param name="FixedBatch">The batch that the model is made for; null where any will do.</param>
/// <param name="Source">What messages call it.</param>
internal sealed record ModelPart(OnnxModel Model, int? FixedBatch, string Source)
{
    /// <summary>Cuts it out.</summary>
    /// <exception cref="JudgingException">There is no such part.</exception>
    public static ModelPart Of(OnnxModel model, string source)
    {
        Value[] inputs = [.. model.Graph.Inputs.Where(input => input.Constant is null)];
        if (inputs is not [Value input])
        {
            throw new JudgingException($"{source}: takes {inputs.Length} inputs ({string.Join(", ", inputs.Select(value => value.Name))}); gradients are computed for models with one");
        }
        Value start = FirstFloat(input, source);
        Value end = BelowSoftmax(model.Graph.Outputs[0]);
        int? batch = input.Shape is { Rank: > 0 } shape && shape[0].Size is { } size ? (int)size : null;
        return start == input && end == model.Graph.Outputs[0] && model.Graph.Outputs.Count == 1
            ? new ModelPart(model, batch, source)
            : new ModelPart(GraphExtractor.Extract(model, [start.Name], [end.Name]), batch, source);
    }

    /// <summary>The scores that a final softmax makes probabilities of, or the output itself.</summary>
    internal static Value BelowSoftmax(Value output)
    {
        Value value = output;
        while (value.Producer is { Domain.Length: 0 } node)
        {
            if (node.OpType is "Softmax" or "LogSoftmax" or "Sigmoid")
            {
                return node.Inputs[0]!;
            }
            if (node.OpType is not ("Identity" or "Reshape" or "Flatten" or "Squeeze" or "Cast"))
            {
                break;
            }
            value = node.Inputs[0]!;
        }
        return output;
    }

    private static Value FirstFloat(Value input, string source)
    {
        Value value = input;
        while (value.ElementType is not (ElementType.Float or null))
        {
            // A uint8 picture is cast to float first; that is where gradients begin.
            value = value.Uses.Count == 1 && value.Uses.First().Node is { OpType: "Cast" or "Identity" } node
                ? node.Outputs[0]!
                : throw new JudgingException($"{source}: its input {input} is not float, and gradients do not pass through it");
        }
        return value;
    }
}
