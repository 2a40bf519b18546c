using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>How long one node of a graph of gradients took.</summary>
/// <param name="Sequence">
/// The number of the operator whose gradient it computed, as <see cref="Libtorch.SequenceNumber"/> counts; −1 where a gradient was
/// added to a weight's.
/// </param>
/// <param name="Nanoseconds">The time.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct NodeTime(long Sequence, long Nanoseconds);
