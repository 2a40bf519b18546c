using Edge.Foundation;

namespace Edge.Graph.Passes.Matching;

/// <summary>What the passes on request ask of a model.</summary>
internal static class ModelInputs
{
    /// <summary>Lets a model pass whose Cast names its type by number.</summary>
    /// <exception cref="ModelFormatException">It is of an older opset.</exception>
    internal static void CheckCanCast(OnnxModel model)
    {
        if (model.Opset < UpgradeOpset.Oldest)
        {
            throw new ModelFormatException($"the model is of opset {model.Opset}; Cast nodes can be added from {UpgradeOpset.Oldest} on: export it again for a later opset");
        }
    }

    /// <summary>The named input, or the only one of floating-point numbers with three axes or more.</summary>
    /// <exception cref="ModelFormatException">There is no such input, or more than one.</exception>
    internal static Value Find(OnnxModel model, string? name)
    {
        Value[] inputs = [.. model.Graph.Inputs.Where(value => value.Constant is null)];
        if (name is not null)
        {
            string hint = NearestName.Of(name, inputs.Select(value => value.Name)) is { } near ? $"; is '{near}' meant?" : "";
            return Array.Find(inputs, value => value.Name == name)
                ?? throw new ModelFormatException($"the model has no input '{name}'{hint}");
        }
        Value[] candidates = [.. inputs.Where(value => value.Type is TensorType { Shape.Rank: >= 3 } type && type.Element.IsFloat())];
        if (candidates.Length == 0)
        {
            candidates = [.. inputs.Where(value => value.Type is TensorType type && type.Element.IsFloat())];
        }
        return candidates is [var only]
            ? only
            : throw new ModelFormatException($"the model has {candidates.Length} inputs that may be meant ({string.Join(", ", candidates.Select(value => value.Name))}); name one");
    }
}
