namespace Edge.Graph;

/// <summary>What an attribute holds; the values are those of the ONNX specification's <c>AttributeType</c>.</summary>
public enum AttributeKind
{
    /// <summary>Not stated: the reference of a function's body to an attribute of its caller.</summary>
    Undefined = 0,

    /// <summary>A <see cref="float"/>.</summary>
    Float = 1,

    /// <summary>A <see cref="long"/>.</summary>
    Int = 2,

    /// <summary>A string, held as a <see cref="byte"/> array, UTF-8 by convention.</summary>
    String = 3,

    /// <summary>An <see cref="OnnxTensor"/>.</summary>
    Tensor = 4,

    /// <summary>An <see cref="OnnxGraph"/>.</summary>
    Graph = 5,

    /// <summary>An array of <see cref="float"/>.</summary>
    Floats = 6,

    /// <summary>An array of <see cref="long"/>.</summary>
    Ints = 7,

    /// <summary>An array of byte arrays.</summary>
    Strings = 8,

    /// <summary>An array of <see cref="OnnxTensor"/>.</summary>
    Tensors = 9,

    /// <summary>An array of <see cref="OnnxGraph"/>.</summary>
    Graphs = 10,

    /// <summary>An <see cref="OnnxSparseTensor"/>.</summary>
    SparseTensor = 11,

    /// <summary>An array of <see cref="OnnxSparseTensor"/>.</summary>
    SparseTensors = 12,

    /// <summary>An <see cref="OnnxType"/>.</summary>
    Type = 13,

    /// <summary>An array of <see cref="OnnxType"/>.</summary>
    Types = 14,
}
