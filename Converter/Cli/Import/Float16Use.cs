namespace Edge.Cli.Import;

/// <summary>What float16 is used for.</summary>
internal enum Float16Use
{
    /// <summary>Weights are stored so; the model computes in float32.</summary>
    Weights,

    /// <summary>Weights, and what the model computes with.</summary>
    All,
}
