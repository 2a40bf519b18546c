namespace Edge.Graph;

/// <summary>Something in a model that breaks the ONNX specification.</summary>
/// <param name="Where">The node, value, graph or model that it is about.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record ModelProblem(string Where, string What)
{
    /// <summary><c>Conv node 'conv1': reads 'w', which nothing defines</c>.</summary>
    public override string ToString() => OneLine.Of($"{Where}: {What}");
}
