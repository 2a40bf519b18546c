namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>One attribute of the kernel as a channel: (number + offset) × scale.</summary>
/// <param name="Channel">What it measures.</param>
/// <param name="Path">The attribute.</param>
/// <param name="Offset">Added to the number.</param>
/// <param name="Scale">Then multiplied with.</param>
internal sealed record SysfsChannel(SensorChannel Channel, string Path, double Offset, double Scale);
