using Edge.Graph;
using Edge.Training.Execution;

namespace Edge.Training.Ops;

/// <summary>A node while its kernel is being made.</summary>
public sealed class NodeContext
{
    private readonly Func<Value, ElementType?> _types;
    private readonly Func<Value, bool> _isTrained;
    private readonly Func<OnnxGraph, GraphBody> _compile;

    internal NodeContext(Node node, long opset, Func<Value, ElementType?> types, Func<Value, bool> isTrained, Func<OnnxGraph, GraphBody> compile)
    {
        Node = node;
        Opset = opset;
        _types = types;
        _isTrained = isTrained;
        _compile = compile;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>The node's attributes.</summary>
    public AttributeMap Attributes => Node.Attributes;

    /// <summary>The version of the operator set that the model imports.</summary>
    public long Opset { get; }

    /// <summary>Whether the first input may be overwritten: nothing else reads it, and no gradient needs it.</summary>
    public bool MayOverwriteInput { get; internal init; }

    /// <summary>Whether the node leaves running statistics alone and uses them while training too.</summary>
    public bool FreezesStatistics { get; internal init; }

    /// <summary>Whether an input is there.</summary>
    /// <param name="index">Its place.</param>
    public bool HasInput(int index) => Node.Input(index) is not null;

    /// <summary>What the elements of an input are in the graph; null where it is left out or not known.</summary>
    /// <param name="index">Its place.</param>
    public ElementType? InputType(int index) => Node.Input(index) is { } value ? _types(value) : null;

    /// <summary>What the elements of an output are in the graph; null where it is left out or not known.</summary>
    /// <param name="index">Its place.</param>
    public ElementType? OutputType(int index) => index < Node.Outputs.Count && Node.Outputs[index] is { } value ? _types(value) : null;

    /// <summary>The one number that an input always holds; null where it is computed, fed, trained or several numbers.</summary>
    /// <param name="index">Its place.</param>
    public double? ConstantNumber(int index)
    {
        OnnxTensor? tensor = Node.Input(index) is not { } value ? null
            : value.Producer is { } producer && producer.Is("Constant") ? producer.Attributes.GetTensor("value")
            : _isTrained(value) ? null
            : value.Constant;
        return tensor is not { Length: 1 } ? null : tensor.Type switch
        {
            ElementType.Float => tensor.AsSpan<float>()[0],
            ElementType.Double => tensor.AsSpan<double>()[0],
            ElementType.Int64 => tensor.AsSpan<long>()[0],
            ElementType.Int32 => tensor.AsSpan<int>()[0],
            _ => null,
        };
    }

    /// <summary>Whether something reads an output.</summary>
    /// <param name="index">Its place.</param>
    public bool IsOutputUsed(int index) =>
        index < Node.Outputs.Count && Node.Outputs[index] is { } value && (value.Uses.Count > 0 || value.IsGraphOutput);

    /// <summary>A refusal that names node and version.</summary>
    /// <param name="reason">What is not known, and what to do.</param>
    public UnsupportedOperatorException Unsupported(string reason) => new(Node.Describe(), Node.OpType, Opset, reason);

    /// <summary>Refuses a node whose further outputs are used.</summary>
    /// <exception cref="UnsupportedOperatorException">An output beyond the first is used.</exception>
    public void RequireOneOutput()
    {
        for (int i = 1; i < Node.Outputs.Count; i++)
        {
            if (IsOutputUsed(i))
            {
                throw Unsupported($"its output {i} '{Node.Outputs[i]!.Name}' is used, and the training engine makes only the first");
            }
        }
    }

    /// <summary>An axis, counted from the front.</summary>
    /// <param name="axis">The axis as the model gives it; negative counts from the back.</param>
    /// <param name="rank">The number of axes.</param>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw new ArgumentException($"axis {axis} is outside a tensor of {rank} dimensions");

    /// <summary>A graph in an attribute, ready to run inside the node.</summary>
    /// <exception cref="UnsupportedOperatorException">The attribute is missing.</exception>
    internal GraphBody Body(string attribute) =>
        _compile(Attributes.GetGraph(attribute) ?? throw Unsupported($"the attribute {attribute} is missing"));
}
