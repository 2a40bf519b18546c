namespace Edge.Hardware.Gpio;

/// <summary>What holds an input while nothing drives it.</summary>
public enum GpioBias
{
    /// <summary>As the board has it.</summary>
    AsIs,

    /// <summary>A resistor to the supply.</summary>
    PullUp,

    /// <summary>A resistor to ground.</summary>
    PullDown,

    /// <summary>Nothing.</summary>
    None,
}
