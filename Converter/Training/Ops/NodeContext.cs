using Edge.Graph;

namespace Edge.Training.Ops;

/// <summary>A node while its kernel is being made.</summary>
public sealed class NodeContext
{
    internal NodeContext(Node node, long opset, bool mayOverwriteInput)
    {
        Node = node;
        Opset = opset;
        MayOverwriteInput = mayOverwriteInput;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>The node's attributes.</summary>
    public AttributeMap Attributes => Node.Attributes;

    /// <summary>The version of the operator set that the model imports.</summary>
    public long Opset { get; }

    /// <summary>Whether the first input may be overwritten: nothing else reads it, and no gradient needs it.</summary>
    public bool MayOverwriteInput { get; }

    /// <summary>Whether an input is there.</summary>
    /// <param name="index">Its place.</param>
    public bool HasInput(int index) => Node.Input(index) is not null;

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
}
