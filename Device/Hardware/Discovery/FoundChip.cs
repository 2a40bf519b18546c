namespace Edge.Hardware.Discovery;

/// <summary>A chip that answers on an I²C bus.</summary>
/// <param name="Address">Where, 7 bits.</param>
/// <param name="Kinds">What it is, or what it may be where nothing tells; empty for an unknown one.</param>
/// <param name="IsCertain">Whether the chip itself said what it is.</param>
/// <param name="Driver">The kernel's driver that holds it; null if none does. Such a chip is left alone.</param>
/// <param name="Values">What it measures at this moment, <c>temperature 25.08 °C</c>; empty unless it is certain.</param>
public sealed record FoundChip(int Address, IReadOnlyList<string> Kinds, bool IsCertain, string? Driver, IReadOnlyList<string> Values);
