using Edge.Packages;

namespace Edge.Inference;

/// <summary>What a detector family sees of a package and its model.</summary>
/// <param name="Input">How images became the input.</param>
/// <param name="Output">How the outputs are read.</param>
/// <param name="Outputs">The model's outputs.</param>
/// <param name="Labels">How many class names the package has; 0 for none.</param>
/// <param name="Source">The package's name, for messages.</param>
internal sealed record HeadContext(InputSpec Input, OutputSpec Output, IReadOnlyList<TensorPort> Outputs, int Labels, string Source)
{
    /// <summary>The output that the manifest names, or the first.</summary>
    /// <exception cref="InferenceException">There is none of that name.</exception>
    internal int OutputIndex()
    {
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (Output.Tensor is null || Outputs[i].Name == Output.Tensor)
            {
                return i;
            }
        }
        throw new InferenceException($"{Source}: the model has no output '{Output.Tensor}'; mend output.tensor of the manifest");
    }

    /// <summary>Refuses a model that is not of the family.</summary>
    internal InferenceException Misfit(string why) => new($"{Source}: the outputs are not those of a '{Output.Family}' model ({why}); mend output.family of the manifest");
}
