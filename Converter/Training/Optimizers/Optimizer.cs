using Edge.Torch;

namespace Edge.Training.Optimizers;

/// <summary>Moves weights along their gradients and remembers what it needs for the next step.</summary>
internal abstract class Optimizer : IDisposable
{
    private static readonly Operator ZerosLike = new("aten::zeros_like");

    private readonly List<(string Name, Tensor Tensor)> _moments = [];

    protected Optimizer(OptimizerOptions options, IReadOnlyList<Parameter> parameters, bool hasFirst, bool hasSecond)
    {
        var values = new List<Tensor>(parameters.Count);
        var scales = new List<ParameterScale>(parameters.Count);
        foreach (Parameter parameter in parameters)
        {
            values.Add(parameter.Value);
            scales.Add(Scale(options, parameter));
        }
        Set = new ParameterSet(values, hasFirst ? AddMoments("m", parameters) : null, hasSecond ? AddMoments("v", parameters) : null, scales);
    }

    /// <summary>Steps done.</summary>
    public long StepCount { get; set; }

    /// <summary>What it remembers, by a name such as <c>m/conv1/weight</c>.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Moments => _moments;

    /// <summary>The weights with their gradients.</summary>
    public ParameterSet Set { get; }

    /// <summary>Moves the weights.</summary>
    public abstract void Step(double learningRate);

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in _moments)
        {
            tensor.Dispose();
        }
    }

    private static ParameterScale Scale(OptimizerOptions options, Parameter parameter)
    {
        bool decays = options.DecayBiasesAndNorms || parameter.Value.Rank > 1;
        ParameterGroup? group = options.Groups.FirstOrDefault(group => ParameterGroup.Fits(group.Match, parameter.Name));
        return new ParameterScale(group?.Rate ?? 1, decays ? group?.Decay ?? 1 : 0);
    }

    private List<Tensor> AddMoments(string prefix, IReadOnlyList<Parameter> parameters)
    {
        var tensors = new List<Tensor>(parameters.Count);
        foreach (Parameter parameter in parameters)
        {
            // Like the weight in memory too, so that one pass walks through both.
            Tensor moment = ZerosLike.Call(parameter.Value);
            _moments.Add(($"{prefix}/{parameter.Name}", moment));
            tensors.Add(moment);
        }
        return tensors;
    }
}
