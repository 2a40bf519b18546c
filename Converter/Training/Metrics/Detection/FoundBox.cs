namespace Edge.Training.Metrics;

/// <summary>A box that a detector found.</summary>
/// <param name="Box">Where.</param>
/// <param name="Class">Which class, by number.</param>
/// <param name="Score">How sure; any scale, higher is surer.</param>
public readonly record struct FoundBox(PixelBox Box, int Class, double Score);
