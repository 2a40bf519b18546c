namespace Edge.Fleet.Protocol;

/// <summary>A supply that the board watches.</summary>
/// <param name="Name">The monitor and its channel.</param>
/// <param name="Value">What is measured.</param>
/// <param name="Unit"><c>V</c>, <c>A</c> or <c>W</c>.</param>
public sealed record SupplyReading(string Name, double Value, string Unit);
