using Edge.Torch;

namespace Edge.Training.Optimizers;

/// <summary>
/// A second set of weights and running statistics: those of the best epoch, or exponential moving averages (Polyak and
/// Juditsky 1992), which wobble less than the weights of the last step.
/// </summary>
internal sealed class WeightCopy : IDisposable
{
    private static readonly Operator Clone = new("aten::clone");
    private static readonly Operator Copy = new("aten::copy_");

    private readonly List<Tensor> _values = [];
    private readonly List<(string Name, Tensor Tensor)> _copies = [];
    private readonly ParameterSet _set;

    /// <summary>Begins at the values as they are.</summary>
    public WeightCopy(string prefix, IEnumerable<Parameter> parameters)
    {
        using NoGrad scope = NoGrad.Enter();
        foreach (Parameter parameter in parameters)
        {
            if (parameter.Value.Type.IsFloatingPoint())
            {
                _values.Add(parameter.Value);
                _copies.Add(($"{prefix}/{parameter.Name}", Clone.Call(parameter.Value)));
            }
        }
        _set = new ParameterSet(_values, _copies.ConvertAll(copy => copy.Tensor));
    }

    /// <summary>The copies, for a checkpoint.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Tensors => _copies;

    /// <summary>Makes the copies equal to the values.</summary>
    public void Take() => _set.Average(0);

    /// <summary>Moves the copies towards the values after a step; the first steps count more, so that the start is soon forgotten.</summary>
    /// <param name="decay">What is kept of the copies in the long run.</param>
    /// <param name="step">Counts from 1.</param>
    public void Follow(double decay, long step) => _set.Average(Math.Min(decay, (1.0 + step) / (10.0 + step)));

    /// <summary>Exchanges values and copies; done twice, all is as before.</summary>
    public void Swap()
    {
        using NoGrad scope = NoGrad.Enter();
        for (int i = 0; i < _values.Count; i++)
        {
            using Tensor kept = Clone.Call(_values[i]);
            Copy.Run(_values[i], _copies[i].Tensor);
            Copy.Run(_copies[i].Tensor, kept);
        }
    }

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in _copies)
        {
            tensor.Dispose();
        }
    }
}
