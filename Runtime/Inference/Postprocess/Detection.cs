namespace Edge.Inference;

/// <summary>An object that was found in a picture.</summary>
/// <param name="Box">Where, in source pixels.</param>
/// <param name="Class">Which class, by number.</param>
/// <param name="Score">How sure, 0 to 1.</param>
public readonly record struct Detection(Box Box, int Class, float Score);
