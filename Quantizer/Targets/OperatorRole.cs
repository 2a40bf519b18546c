namespace Edge.Quantizer.Targets;

/// <summary>What a target does with an operator.</summary>
public enum OperatorRole
{
    /// <summary>It stays float.</summary>
    Float,

    /// <summary>It multiplies with constant weights: where the multiply-adds are.</summary>
    Computes,

    /// <summary>It has an integer kernel of its own, and runs on it where everything that it reads is quantized already.</summary>
    Follows,

    /// <summary>It only moves values: what it makes keeps the scale of what it reads.</summary>
    Moves,

    /// <summary>It puts values side by side: all that it reads and makes should share one scale.</summary>
    Merges,

    /// <summary>An activation that the engine computes together with the node before it.</summary>
    Joins,
}
