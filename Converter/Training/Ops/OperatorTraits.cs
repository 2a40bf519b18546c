namespace Edge.Training.Ops;

/// <summary>What the engine must know of an operator beyond its kernel.</summary>
[Flags]
public enum OperatorTraits
{
    /// <summary>Nothing special: the same inputs give the same outputs, and its arithmetic may be done in a wider type.</summary>
    None = 0,

    /// <summary>It draws random numbers.</summary>
    Random = 1,

    /// <summary>Its kernel takes elements of any type as they are: half precision is never widened for it.</summary>
    AnyType = 2,
}
