namespace Edge.Hardware.Sensors;

/// <summary>How reading a sensor went.</summary>
public enum SensorStatus
{
    /// <summary>The values are new.</summary>
    Ok,

    /// <summary>The sensor has not been read yet.</summary>
    NeverRead,

    /// <summary>The sensor has no new measurement yet.</summary>
    NotReady,

    /// <summary>The sensor does not answer: it is not there, or its wires are loose.</summary>
    NoAnswer,

    /// <summary>The bus or the file failed.</summary>
    BusFailed,

    /// <summary>Another chip answers at the address.</summary>
    WrongChip,

    /// <summary>A checksum does not fit what came with it.</summary>
    BadChecksum,

    /// <summary>The sensor says itself that its measurement is void, or its value cannot be.</summary>
    Invalid,
}
