namespace Edge.Training.Ops;

/// <summary>Reads a node's attributes, once, and makes what runs it.</summary>
/// <param name="node">The node.</param>
/// <exception cref="UnsupportedOperatorException">An attribute has a value that ONNX allows and the engine does not execute, or one that ONNX does not allow.</exception>
public delegate Kernel KernelFactory(NodeContext node);
