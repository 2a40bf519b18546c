namespace Edge.Reports.Graphs;

/// <summary>What a node does: one colour each.</summary>
public enum NodeKind
{
    /// <summary>An input or output of the graph.</summary>
    Port,

    /// <summary>A layer with weights: convolution, matrix product.</summary>
    Linear,

    /// <summary>An activation.</summary>
    Activation,

    /// <summary>A normalisation.</summary>
    Normalization,

    /// <summary>Pooling and reductions.</summary>
    Pooling,

    /// <summary>Element-wise arithmetic, comparisons and logic.</summary>
    Arithmetic,

    /// <summary>Moves values about: reshape, transpose, concatenate, slice.</summary>
    Movement,

    /// <summary>Rounds to whole numbers and back.</summary>
    Quantization,

    /// <summary>Recurrent layers and attention.</summary>
    Sequence,

    /// <summary>Branches and loops.</summary>
    Control,

    /// <summary>Anything else.</summary>
    Other,
}
