namespace Edge.Fleet.Protocol;

/// <summary>A temperature that the kernel of the device watches.</summary>
/// <param name="Name">What is watched, as the kernel calls it.</param>
/// <param name="Celsius">How hot it is, in °C.</param>
public sealed record ZoneTemperature(string Name, double Celsius);
