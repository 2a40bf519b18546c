namespace Edge.Training.Ops;

/// <summary>Runs one node: reads inputs from the frame, hands outputs to it.</summary>
/// <param name="frame">The node's inputs and outputs; only valid during the call.</param>
public delegate void Kernel(KernelFrame frame);
