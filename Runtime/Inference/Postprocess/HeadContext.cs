using Edge.Packages;
using Microsoft.ML.OnnxRuntime.Tensors;

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

    /// <summary>An output of float32 and of a rank, with a batch of one.</summary>
    /// <param name="index">Which.</param>
    /// <param name="rank">How many dimensions.</param>
    /// <param name="what">What the family has there, for messages.</param>
    /// <exception cref="InferenceException">It is another.</exception>
    internal TensorPort Require(int index, int rank, string what)
    {
        if (index < 0 || index >= Outputs.Count)
        {
            throw Misfit($"there is no output of {what}");
        }
        TensorPort port = Outputs[index];
        return port.ElementType == TensorElementType.Float && port.Dimensions.Count == rank && port.Dimensions[0] == 1
            ? port
            : throw Misfit($"'{port.Name}' is {port}, not {what}");
    }

    /// <summary>How many classes there are, for a family whose outputs do not say.</summary>
    /// <exception cref="InferenceException">The package has no labels.</exception>
    internal int RequireLabels() => Labels > 0
        ? Labels
        : throw new InferenceException($"{Source}: a '{Output.Family}' model does not say how many classes it has; put one name a class into labels.txt");

    /// <summary>The first output whose name holds a word, or −1.</summary>
    /// <param name="words">The words, the preferred first; case does not matter.</param>
    internal int Named(params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            for (int i = 0; i < Outputs.Count; i++)
            {
                if (Outputs[i].Name.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }
        return -1;
    }

    /// <summary>Refuses a model that is not of the family.</summary>
    internal InferenceException Misfit(string why) => new($"{Source}: the outputs are not those of a '{Output.Family}' model ({why}); mend output.family of the manifest");
}
