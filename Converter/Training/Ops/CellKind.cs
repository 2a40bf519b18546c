namespace Edge.Training.Ops;

/// <summary>The recurrent layers of ONNX.</summary>
internal enum CellKind
{
    /// <summary>One gate: the new state.</summary>
    Rnn,

    /// <summary>Gates in the order update, reset, new state (Cho et al. 2014).</summary>
    Gru,

    /// <summary>Gates in the order input, output, forget, cell (Hochreiter and Schmidhuber 1997).</summary>
    Lstm,
}
