namespace Edge.Torch;

/// <summary>What a <see cref="NativeValue"/> holds: <c>edge_tag</c>.</summary>
internal enum ValueTag
{
    None = 0,
    Default = 1,
    Tensor = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    IntList = 6,
    DoubleList = 7,
    TensorList = 8,
    String = 9,
}
