namespace Edge.Hardware.Cameras;

/// <summary>A camera as its driver introduces it.</summary>
/// <param name="Path">The device file.</param>
/// <param name="Card">The camera's name.</param>
/// <param name="Driver">The driver's name.</param>
/// <param name="Bus">Where it is plugged in.</param>
public sealed record CameraInfo(string Path, string Card, string Driver, string Bus);
