namespace Edge.Fleet.Store;

/// <summary>A message of a device, as it came.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Device">The device.</param>
/// <param name="Payload">Its bytes.</param>
internal readonly record struct DeviceMessage(DeviceMessageKind Kind, string Device, ReadOnlyMemory<byte> Payload);
