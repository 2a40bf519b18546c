namespace Edge.Hardware.Health;

/// <summary>A supply that the board watches.</summary>
/// <param name="Name">Its name on the board.</param>
/// <param name="Value">What is measured.</param>
/// <param name="Unit"><c>V</c>, <c>A</c> or <c>W</c>.</param>
public sealed record PowerRail(string Name, double Value, string Unit);
