namespace Edge.Training;

/// <summary>What convolutions and matrix products compute in while training; weights stay float32.</summary>
public enum Precision
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>The upper half of single precision: its range, with 8 bits of fraction.</summary>
    BFloat16,

    /// <summary>IEEE 754 half precision; its small range needs the loss scaled up, which the trainer does.</summary>
    Float16,
}
