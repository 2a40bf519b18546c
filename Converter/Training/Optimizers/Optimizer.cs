using Edge.Torch;

namespace Edge.Training.Optimizers;

/// <summary>Moves weights along their gradients and remembers what it needs for the next step.</summary>
internal abstract class Optimizer : IDisposable
{
    private static readonly Operator ZerosLike = new("aten::zeros_like");

    private readonly List<(string Name, Tensor Tensor)> _moments = [];

    /// <summary>Steps done.</summary>
    public long StepCount { get; set; }

    /// <summary>What it remembers, by a name such as <c>m/conv1/weight</c>.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Moments => _moments;

    protected ParameterSet Set { get; init; } = new([]);

    /// <summary>Moves the weights.</summary>
    public abstract void Step(double learningRate);

    /// <summary>Forgets all gradients.</summary>
    public void ClearGradients() => Set.ClearGradients();

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in _moments)
        {
            tensor.Dispose();
        }
    }

    protected List<Tensor> AddMoments(string prefix, IReadOnlyList<Parameter> parameters)
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

    protected static List<Tensor> Values(IReadOnlyList<Parameter> parameters)
    {
        var values = new List<Tensor>(parameters.Count);
        foreach (Parameter parameter in parameters)
        {
            values.Add(parameter.Value);
        }
        return values;
    }
}
