namespace Edge.Training.Detection;

/// <summary>A cell that answers for a true box.</summary>
/// <param name="Cell">Which cell.</param>
/// <param name="Truth">Which true box.</param>
/// <param name="Overlap">How much the cell's box overlaps it as things stand, 0 to 1.</param>
internal readonly record struct Assignment(int Cell, int Truth, float Overlap);
