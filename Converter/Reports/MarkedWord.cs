namespace Edge.Reports;

/// <summary>A piece of text with how much it counts.</summary>
/// <param name="Text">The piece.</param>
/// <param name="Weight">−1 (speaks against, blue) to 1 (speaks for, orange); 0 is left plain.</param>
public readonly record struct MarkedWord(string Text, double Weight);
