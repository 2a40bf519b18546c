namespace Edge.Inference;

/// <summary>How much the engine rewrites a graph before it runs it.</summary>
public enum OptimizationLevel
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Only what never changes a result, such as folding constants.</summary>
    Basic,

    /// <summary>Fused operators too.</summary>
    Extended,

    /// <summary>Everything, layouts for this processor included.</summary>
    All,
}
