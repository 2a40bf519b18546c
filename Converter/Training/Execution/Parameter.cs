using Edge.Torch;

namespace Edge.Training;

/// <summary>A weight of a graph while an executor holds it.</summary>
public sealed class Parameter
{
    private bool _isTrainable;

    internal Parameter(string name, Tensor value, bool isTrainable)
    {
        Name = name;
        Value = value;
        IsTrainable = isTrainable;
    }

    /// <summary>The initializer's name.</summary>
    public string Name { get; }

    /// <summary>The weight; it belongs to the executor.</summary>
    public Tensor Value { get; }

    /// <summary>Whether gradients are computed for it.</summary>
    public bool IsTrainable
    {
        get => _isTrainable;
        set
        {
            Value.RequiresGrad = value;
            _isTrainable = value;
        }
    }
}
