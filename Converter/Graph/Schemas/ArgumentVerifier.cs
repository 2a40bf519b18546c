namespace Edge.Graph.Schemas;

/// <summary>What an operator asks of its attributes and inputs together, where an engine that trusts the model reads beyond its memory.</summary>
internal static class ArgumentVerifier
{
    internal static void Verify(Node node, List<ModelProblem> problems)
    {
        if (node.OpType == "Split")
        {
            VerifySplit(node, problems);
        }
    }

    // The parts are stated by an attribute, by a constant input, or by their number.
    private static void VerifySplit(Node node, List<ModelProblem> problems)
    {
        int outputs = node.Outputs.Count;
        long[]? sizes = node.Attributes.Find("split")?.Content as long[] ?? Sizes(node.Input(1)?.Constant);
        if (node.Attributes.Find("num_outputs")?.Content is long count && count != outputs)
        {
            Add($"num_outputs is {count}, but it has {outputs} outputs");
        }
        if (sizes is not null && sizes.Length != outputs)
        {
            Add($"splits into {sizes.Length} parts, but it has {outputs} outputs");
        }
        if (sizes is not null && Array.Exists(sizes, size => size < 0))
        {
            Add($"one of its parts is {sizes.Min()} long");
        }
        void Add(string what) => problems.Add(new ModelProblem(node.Describe(), what));
    }

    private static long[]? Sizes(OnnxTensor? tensor) => tensor is { Type: ElementType.Int64, Dims: [_] } ? tensor.ToArray<long>() : null;
}
