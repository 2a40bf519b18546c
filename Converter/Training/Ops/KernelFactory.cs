namespace Edge.Training.Ops;

/// <summary>Reads a node's attributes, once, and makes what runs it.</summary>
/// <param name="node">The node.</param>
/// <exception cref="UnsupportedOperatorException">An attribute has a value that is not implemented.</exception>
public delegate Kernel KernelFactory(NodeContext node);
