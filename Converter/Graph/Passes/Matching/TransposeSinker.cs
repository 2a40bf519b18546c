namespace Edge.Graph.Passes.Matching;

/// <summary>Moves a Transpose behind the node that reads it, where that works on each element alone or by axis.</summary>
internal sealed class TransposeSinker(long opset)
{
    private static readonly HashSet<string> ElementWise = new(StringComparer.Ordinal)
    {
        "Abs", "Cast", "Ceil", "Clip", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "Mish", "Neg",
        "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Softplus", "Softsign", "Sqrt", "Tanh", "ThresholdedRelu",
    };

    /// <summary>Moves the Transpose one node further.</summary>
    /// <returns>The Transpose behind that node, or null where it must stay.</returns>
    internal Node? TrySink(Node transpose)
    {
        Value result = transpose.Outputs[0]!;
        if (!result.HasOneReader())
        {
            return null;
        }
        Use use = result.Uses.First();
        if (!ReferenceEquals(use.Node.Graph, transpose.Graph)
            || use.Node.Outputs.Count != 1 || SimplifyTranspose.Permutation(transpose) is not { } permutation || !TryAdapt(use, permutation))
        {
            return null;
        }
        Node node = use.Node;
        Value source = transpose.Inputs[0]!;
        node.SetInput(use.Index, source);
        Value output = node.Outputs[0]!;
        // The node's result takes the other layout and a new name; the Transpose gives back the one that readers expect.
        Node copy = Edits.Substitute(node, node.OpType, [.. node.Inputs]);
        Edits.CopyAttributes(node, copy);
        Value moved = copy.Outputs[0]!;
        Node made = transpose.Graph.AddNode("Transpose", [moved], [transpose.Graph.FreshName(moved.Name + "_nhwc")], transpose.Graph.FreshName(output.Name + "_transpose"), copy.Next);
        made.Attributes.Set("perm", permutation);
        made.Outputs[0]!.Type = moved.Type;
        moved.Type = moved.Type is TensorType { Shape: { } shape } type && shape.Rank == permutation.Length
            ? type with { Shape = Back(shape, permutation) }
            : null;
        foreach (Use reader in moved.Uses.ToArray())
        {
            if (reader.Node != made)
            {
                reader.Node.SetInput(reader.Index, made.Outputs[0]);
            }
        }
        if (moved.IsGraphOutput)
        {
            moved.GiveOutputTo(made.Outputs[0]!);
        }
        transpose.TryRemove();
        return made;
    }

    // Changes the node's own constants for the other layout, if it has any.
    private bool TryAdapt(Use use, long[] permutation)
    {
        Node node = use.Node;
        if (node.Domain.Length > 0)
        {
            return false;
        }
        if (ElementWise.Contains(node.OpType))
        {
            return use.Index == 0;
        }
        if (node.OpType is "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Max" or "Min" && node.Inputs.Count == 2)
        {
            return TryAdaptConstant(node, 1 - use.Index, permutation);
        }
        if (node.OpType == "PRelu" && use.Index == 0)
        {
            return TryAdaptConstant(node, 1, permutation);
        }
        return node.OpType == "Pad" && use.Index == 0 && node.Input(3) is null && TryAdaptPads(node, permutation);
    }

    private static bool TryAdaptConstant(Node node, int index, long[] permutation)
    {
        if (node.Input(index) is not { IsConstant: true, Constant: { } tensor })
        {
            return false;
        }
        if (tensor.Length == 1)
        {
            return tensor.Dims.Length <= permutation.Length;
        }
        // A constant along one axis only keeps its elements in order.
        long[] full = [.. Enumerable.Repeat(1L, Math.Max(0, permutation.Length - tensor.Dims.Length)), .. tensor.Dims];
        if (full.Length != permutation.Length || full.Count(size => size != 1) > 1)
        {
            return false;
        }
        long[] dims = new long[full.Length];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            dims[permutation[axis]] = full[axis];
        }
        node.SetInput(index, node.Graph.AddConstant(node.Inputs[index]!.Name + "_nchw", new OnnxTensor(tensor.Type, dims, tensor.Bytes)));
        return true;
    }

    private bool TryAdaptPads(Node node, long[] permutation)
    {
        long[]? pads = opset < 11 ? node.Attributes.GetInts("pads", null) : node.Input(1).Integers();
        int rank = permutation.Length;
        if (pads is null || pads.Length != 2 * rank)
        {
            return false;
        }
        long[] moved = new long[pads.Length];
        for (int axis = 0; axis < rank; axis++)
        {
            moved[permutation[axis]] = pads[axis];
            moved[permutation[axis] + rank] = pads[axis + rank];
        }
        if (opset < 11)
        {
            node.Attributes.Set("pads", moved);
        }
        else
        {
            node.SetInput(1, node.Graph.AddConstant(node.Outputs[0]!.Name + "_pads", OnnxTensor.From<long>(moved, moved.Length)));
        }
        return true;
    }

    private static TensorShape Back(TensorShape shape, long[] permutation)
    {
        var dimensions = new Dimension[shape.Rank];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            dimensions[permutation[axis]] = shape[axis];
        }
        return new TensorShape(dimensions);
    }
}
