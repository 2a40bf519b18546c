namespace Edge.Quantizer;

/// <summary>A node that stayed float.</summary>
/// <param name="Name">Its name in the quantized model.</param>
/// <param name="Description">It, in words.</param>
/// <param name="Reason">Why.</param>
public sealed record FloatNode(string Name, string Description, string Reason);
