using Edge.Graph;

namespace Edge.Quantizer.Passes;

/// <summary>Values that must have one scale: a union–find structure.</summary>
internal sealed class ScaleGroups
{
    private readonly Dictionary<Value, Value> _parents = [];

    /// <summary>The value that stands for a group.</summary>
    internal Value this[Value value]
    {
        get
        {
            while (_parents.TryGetValue(value, out Value? parent))
            {
                value = parent;
            }
            return value;
        }
    }

    /// <summary>Joins two groups; that of the first value keeps its representative.</summary>
    internal void Join(Value one, Value other)
    {
        (Value keeps, Value joins) = (this[one], this[other]);
        if (!ReferenceEquals(keeps, joins))
        {
            _parents[joins] = keeps;
        }
    }
}
