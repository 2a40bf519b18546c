namespace Edge.Training;

/// <summary>What one kind of node took since an executor was made: forward only, as gradients are computed by libtorch at once.</summary>
/// <param name="Operator">The operator, with its domain where that is not ONNX's own.</param>
/// <param name="Calls">How many nodes ran.</param>
/// <param name="Time">The time that they took together; without what the branches and bodies inside them took.</param>
public sealed record OperatorTime(string Operator, long Calls, TimeSpan Time);
