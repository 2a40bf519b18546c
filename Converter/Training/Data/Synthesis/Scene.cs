using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>A generated picture and what is in it.</summary>
/// <param name="Pixels">[size, size, 3] levels: red, green, blue.</param>
/// <param name="Size">Columns and rows.</param>
/// <param name="Boxes">What is in it; an object's area is what is seen of it.</param>
public sealed record Scene(byte[] Pixels, int Size, IReadOnlyList<TrueBox> Boxes);
