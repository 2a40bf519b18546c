using Edge.Foundation;
using Edge.Graph.Execution;

namespace Edge.Graph.Analysis;

/// <summary>Random inputs, of which some hold one value throughout.</summary>
internal sealed class FilledInputs
{
    private readonly RandomInputs _random;
    private readonly IReadOnlyDictionary<string, double> _fill;

    /// <summary>Prepares inputs for a model.</summary>
    /// <exception cref="ModelFormatException">A name is none of the model's inputs.</exception>
    internal FilledInputs(OnnxModel model, IReadOnlyDictionary<string, double>? fill, int seed = 1)
    {
        _random = new RandomInputs(model, new ProofOptions { Seed = seed });
        _fill = fill ?? new Dictionary<string, double>();
        foreach (string name in _fill.Keys)
        {
            if (model.Graph.Find(name) is not { IsGraphInput: true })
            {
                string hint = NearestName.Of(name, model.Graph.Inputs.Select(input => input.Name)) is { } near ? $"; is '{near}' meant?" : "";
                throw new ModelFormatException($"the model has no input '{name}' to fill{hint}");
            }
        }
    }

    /// <summary>See <see cref="RandomInputs.Make"/>.</summary>
    internal Dictionary<string, OnnxTensor>? Make(int attempt, int run, out string reason)
    {
        Dictionary<string, OnnxTensor>? inputs = _random.Make(attempt, run, out reason);
        foreach ((string name, double value) in _fill)
        {
            if (inputs is not null && inputs.TryGetValue(name, out OnnxTensor? tensor))
            {
                inputs[name] = FilledTensor.Make(tensor.Type, tensor.Dims, value) ?? throw new ModelFormatException($"input '{name}' is {tensor}, which cannot be filled with {value}");
            }
        }
        return inputs;
    }
}
