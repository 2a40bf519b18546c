namespace Edge.Graph;

/// <summary>A constant tensor of which only some elements are listed; the others are zero.</summary>
/// <param name="Values">The listed elements: a tensor of one axis.</param>
/// <param name="Indices">Where they stand: <c>int64[n]</c> linear, or <c>int64[n, rank]</c> coordinates.</param>
/// <param name="Dims">Sizes of the axes of the whole.</param>
public sealed record OnnxSparseTensor(OnnxTensor Values, OnnxTensor Indices, long[] Dims);
