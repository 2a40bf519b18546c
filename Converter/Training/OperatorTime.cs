namespace Edge.Training;

/// <summary>What one kind of node took since an executor was made.</summary>
/// <param name="Operator">
/// The operator, with its domain where that is not ONNX's own; in brackets what belongs to no node: the loss, and the adding up of
/// gradients.
/// </param>
/// <param name="Calls">How many nodes ran.</param>
/// <param name="Time">The time that they took together; without what the branches and bodies inside them took.</param>
/// <param name="Backward">The time that their gradients took; 0 on devices other than the CPU, where it is not measured.</param>
public sealed record OperatorTime(string Operator, long Calls, TimeSpan Time, TimeSpan Backward);
