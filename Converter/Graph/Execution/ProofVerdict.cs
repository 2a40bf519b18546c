namespace Edge.Graph.Execution;

/// <summary>What a comparison of two models came to.</summary>
public enum ProofVerdict
{
    /// <summary>Every output that can be compared was equal within the tolerance, on every input.</summary>
    Proven,

    /// <summary>The second model gives something else, or the engine refuses it where it ran the first.</summary>
    Differs,

    /// <summary>Nothing could be compared: no input was found that the first model takes, or all it gives is random.</summary>
    NotComparable,
}
