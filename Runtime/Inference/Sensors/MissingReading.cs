namespace Edge.Inference.Sensors;

/// <summary>What becomes of a value that a sensor did not give.</summary>
public enum MissingReading
{
    /// <summary>The last one that it gave, unless that is too old; then as <see cref="Drop"/>.</summary>
    ForwardFill,

    /// <summary>The column's mean in training.</summary>
    Mean,

    /// <summary>The whole reading is left out, and the window begins anew behind it, as training has it.</summary>
    Drop,
}
