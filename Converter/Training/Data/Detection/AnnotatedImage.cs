using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>A picture with the boxes that annotators drew.</summary>
/// <param name="Path">The picture's file; it may be missing.</param>
/// <param name="Width">Its width in pixels as the annotations say, or 0 where they do not.</param>
/// <param name="Height">Its height in pixels as the annotations say, or 0 where they do not.</param>
/// <param name="Boxes">What is in it, in pixels; as written, so that checks see what is wrong with them.</param>
public sealed record AnnotatedImage(string Path, int Width, int Height, IReadOnlyList<TrueBox> Boxes);
