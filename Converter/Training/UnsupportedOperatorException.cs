using Edge.Foundation;

namespace Edge.Training;

/// <summary>The training engine does not execute an operator, this version of it, or an attribute's value.</summary>
/// <param name="node">The node, as <c>Conv node 'conv1'</c>.</param>
/// <param name="operatorName">The operator, with its domain where that is not ONNX's own.</param>
/// <param name="opset">The operator set version that the model imports.</param>
/// <param name="reason">What is not known.</param>
public sealed class UnsupportedOperatorException(string node, string operatorName, long opset, string reason)
    : InputException($"{node} (opset {opset}): {reason}")
{
    /// <summary>The node, as <c>Conv node 'conv1'</c>.</summary>
    public string Node { get; } = node;

    /// <summary>The operator, with its domain where that is not ONNX's own.</summary>
    public string OperatorName { get; } = operatorName;

    /// <summary>The operator set version that the model imports.</summary>
    public long Opset { get; } = opset;
}
