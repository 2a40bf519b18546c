namespace Edge.Hardware.Discovery;

/// <summary>An I²C bus and what answers on it.</summary>
/// <param name="Name">The kernel's name, <c>i2c-1</c>.</param>
/// <param name="Adapter">What its driver calls it.</param>
/// <param name="Problem">Why it cannot be used; null if it can.</param>
/// <param name="Chips">What answers at the addresses of supported chips.</param>
public sealed record FoundBus(string Name, string Adapter, string? Problem, IReadOnlyList<FoundChip> Chips);
