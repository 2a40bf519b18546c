namespace Edge.Hardware.Health;

/// <summary>A temperature that the kernel watches.</summary>
/// <param name="Name">What is watched.</param>
/// <param name="Celsius">How hot it is.</param>
public sealed record ThermalZone(string Name, double Celsius);
