namespace Edge.Hardware.I2c;

/// <summary>How a transfer on an I²C bus ended.</summary>
public enum I2cStatus
{
    /// <summary>Every byte went over.</summary>
    Ok,

    /// <summary>No chip acknowledged: none is there, it is busy, or its wires are loose.</summary>
    NoAcknowledge,

    /// <summary>The bus itself failed: a line is held down, arbitration was lost, the adapter reports an error.</summary>
    BusFailed,

    /// <summary>The adapter cannot do such a transfer.</summary>
    NotSupported,
}
