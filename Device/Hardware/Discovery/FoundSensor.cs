namespace Edge.Hardware.Discovery;

/// <summary>A sensor that the kernel drives.</summary>
/// <param name="Name">Its kind and place.</param>
/// <param name="Values">What it measures at this moment, <c>temperature 25.08 °C</c>; empty if it does not answer.</param>
public sealed record FoundSensor(string Name, IReadOnlyList<string> Values);
