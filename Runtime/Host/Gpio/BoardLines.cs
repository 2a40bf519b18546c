using Edge.Hardware.Gpio;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Gpio;

/// <summary>Lines of this machine's own chips.</summary>
internal static class BoardLines
{
    /// <summary>Asks the kernel for a line.</summary>
    /// <exception cref="Hardware.HardwareException">There is no such line, or another program holds it.</exception>
    internal static GpioLine Open(GpioConfig config) => config.IsOutput
        ? GpioLine.OpenOutput(config.Chip, config.Line, config.Active, config.ActiveLow)
        : GpioLine.OpenInput(config.Chip, config.Line, Bias(config.Bias), config.ActiveLow, TimeSpan.FromMilliseconds(config.DebounceMilliseconds));

    private static GpioBias Bias(string name) => name switch
    {
        "pullUp" => GpioBias.PullUp,
        "pullDown" => GpioBias.PullDown,
        "none" => GpioBias.None,
        _ => GpioBias.AsIs,
    };
}
