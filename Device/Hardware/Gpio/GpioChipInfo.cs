namespace Edge.Hardware.Gpio;

/// <summary>A chip with lines.</summary>
/// <param name="Path">Its device file.</param>
/// <param name="Name">The kernel's name, <c>gpiochip0</c>.</param>
/// <param name="Label">What its driver calls it.</param>
/// <param name="Lines">How many lines it has.</param>
public sealed record GpioChipInfo(string Path, string Name, string Label, int Lines);
