using Edge.Torch;

namespace Edge.Training.Detection;

/// <summary>Frees intermediate tensors together.</summary>
internal sealed class TensorScope : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>Calls an operator; its result lives as long as the scope.</summary>
    public Tensor Run(Operator what, params ReadOnlySpan<Argument> arguments) => Hold(what.Call(arguments));

    /// <summary>A tensor of the scope's own.</summary>
    public Tensor Hold(Tensor tensor)
    {
        _tensors.Add(tensor);
        return tensor;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _tensors)
        {
            tensor.Dispose();
        }
    }
}
