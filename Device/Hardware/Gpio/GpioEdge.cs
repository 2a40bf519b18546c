namespace Edge.Hardware.Gpio;

/// <summary>A change of a line, as the kernel saw it.</summary>
/// <param name="IsRising">Whether the line became active.</param>
/// <param name="Timestamp">When, in ticks of <see cref="System.Diagnostics.Stopwatch"/>: taken in the interrupt, not when it was read.</param>
/// <param name="Sequence">The kernel's number of the change, from 1; a gap means that changes were lost.</param>
public readonly record struct GpioEdge(bool IsRising, long Timestamp, uint Sequence);
