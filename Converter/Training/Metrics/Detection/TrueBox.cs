namespace Edge.Training.Metrics;

/// <summary>A box that an annotator drew.</summary>
/// <param name="Box">Where.</param>
/// <param name="Class">Which class, by number.</param>
/// <param name="Area">The object's area in square pixels, by which it is small, medium or large; COCO's is that of the outline, not of the box.</param>
/// <param name="IsCrowd">Is it a crowd? Then any number of boxes may lie in it, and none need to.</param>
public readonly record struct TrueBox(PixelBox Box, int Class, double Area, bool IsCrowd = false)
{
    /// <summary>A box that is as large as its object.</summary>
    /// <param name="box">Where.</param>
    /// <param name="classNumber">Which class.</param>
    public static TrueBox Of(PixelBox box, int classNumber) => new(box, classNumber, box.Area);
}
