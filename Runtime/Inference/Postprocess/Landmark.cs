namespace Edge.Inference;

/// <summary>A point of an object, such as an eye of a face, in pixels.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
public readonly record struct Landmark(float X, float Y);
