using Edge.Foundation;

namespace Edge.Graph.Inference;

/// <summary>Finds the type and shape of every value of a model, with symbolic sizes kept.</summary>
public static class ShapeInference
{
    /// <summary>Writes into <see cref="Value.Type"/> of every value, also in subgraphs, what follows from the inputs' types and the nodes.</summary>
    /// <param name="model">The model, its nodes in topological order. Types that are there already count as declared by the file.</param>
    /// <param name="fixedInputs">Shapes that take the place of those that the file declares for inputs, by name; an unknown axis leaves the declared one.</param>
    /// <returns>What stayed unknown and why, contradictions with what the file declares, and the known contents of small tensors.</returns>
    /// <remarks>
    /// A size is a number, or an expression of symbols in <see cref="Dimension.Symbol"/>: <c>batch</c>, <c>height/32</c> (rounded down),
    /// <c>ceil(height/32)</c>, <c>2*width+1</c>, <c>max(a,b)</c>. A symbol stands for a size of at least 1.
    /// An initializer that is listed as an input too counts as constant, as if nobody fed another.
    /// The time is linear in the nodes; functions and loops that contain each other are followed up to a limit.
    /// </remarks>
    /// <exception cref="ArgumentException">A name in <paramref name="fixedInputs"/> is no input of the model, or its shape has another number of axes than the file declares.</exception>
    /// <exception cref="ModelFormatException">A function calls itself.</exception>
    public static InferenceResult Run(OnnxModel model, IReadOnlyDictionary<string, TensorShape>? fixedInputs = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach ((string name, TensorShape shape) in fixedInputs ?? new Dictionary<string, TensorShape>())
        {
            if (model.Graph.Find(name) is not { IsGraphInput: true } input)
            {
                string hint = NearestName.Of(name, model.Graph.Inputs.Select(value => value.Name)) is { } near ? $"; is '{near}' meant?" : "";
                throw new ArgumentException($"the model has no input '{name}'{hint}", nameof(fixedInputs));
            }
            if (input.Shape is { } declared && declared.Rank != shape.Rank)
            {
                throw new ArgumentException($"input '{name}' is {declared}, {shape} has {shape.Rank} axes", nameof(fixedInputs));
            }
        }
        return new InferenceEngine(model).Run(fixedInputs ?? new Dictionary<string, TensorShape>());
    }
}
