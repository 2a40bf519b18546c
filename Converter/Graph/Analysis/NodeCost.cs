namespace Edge.Graph.Analysis;

/// <summary>What one node costs.</summary>
/// <param name="Node">The node.</param>
/// <param name="MultiplyAdds">Multiply-add pairs of one run; 0 for operators that are not counted; null where a size that the count needs is open.</param>
/// <param name="Parameters">Elements of the weights that it is the first to read: see <see cref="GraphCost.Parameters"/>.</param>
/// <param name="WeightBytes">Bytes of every constant that it is the first to read, whatever its type.</param>
/// <param name="OutputBytes">Bytes of what it makes; null where a size is open.</param>
public sealed record NodeCost(Node Node, long? MultiplyAdds, long Parameters, long WeightBytes, long? OutputBytes);
