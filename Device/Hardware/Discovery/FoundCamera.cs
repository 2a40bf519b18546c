namespace Edge.Hardware.Discovery;

/// <summary>A camera and what it offers.</summary>
/// <param name="Path">The device file.</param>
/// <param name="Card">The camera's name.</param>
/// <param name="Driver">The driver's name.</param>
/// <param name="Bus">Where it is plugged in.</param>
/// <param name="Modes">Formats with sizes and the highest rate at each, <c>YUYV 640x480 at 30</c>.</param>
public sealed record FoundCamera(string Path, string Card, string Driver, string Bus, IReadOnlyList<string> Modes);
