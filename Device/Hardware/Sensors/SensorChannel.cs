namespace Edge.Hardware.Sensors;

/// <summary>One quantity that a sensor measures.</summary>
/// <param name="Name">What, as a field of a message: <c>temperature</c>.</param>
/// <param name="Unit">In what: <c>°C</c>, <c>%</c>, <c>hPa</c>, <c>lx</c>, <c>ppm</c>, <c>V</c>, <c>A</c>, <c>W</c>, <c>m/s²</c>, <c>°/s</c>.</param>
public sealed record SensorChannel(string Name, string Unit);
