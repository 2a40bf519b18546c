namespace Edge.Training.Ops;

/// <summary>One version of one operator in an <see cref="OperatorTable"/>.</summary>
/// <param name="Domain">Whose operator it is; empty for ONNX's own.</param>
/// <param name="Name">The operator.</param>
/// <param name="Since">The operator set version that brought this version of it.</param>
/// <param name="Compile">Makes the kernel of a node.</param>
/// <param name="FixedInputs">Inputs that are settings, not weights: an initializer there is never trained.</param>
/// <param name="StateInputs">Inputs that the kernel itself changes while training, such as running means.</param>
/// <param name="Traits">What else the engine must know.</param>
public sealed record OperatorEntry(
    string Domain, string Name, int Since, KernelFactory Compile, IReadOnlyList<int> FixedInputs, IReadOnlyList<int> StateInputs, OperatorTraits Traits);
