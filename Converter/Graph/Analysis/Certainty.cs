namespace Edge.Graph.Analysis;

/// <summary>How sure a guess is.</summary>
public enum Certainty
{
    /// <summary>Nothing speaks against it, and something for it.</summary>
    Possible,

    /// <summary>Several signs say so, or one that seldom misleads.</summary>
    Likely,

    /// <summary>The graph says so.</summary>
    Certain,
}
