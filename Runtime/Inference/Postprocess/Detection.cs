namespace Edge.Inference;

/// <summary>Something that a detector found, in pixels of the source image: x to the right, y down, the top left corner is (0, 0).</summary>
/// <param name="Left">Left edge, 0 to the image's width.</param>
/// <param name="Top">Top edge, 0 to the image's height.</param>
/// <param name="Right">Right edge, above <paramref name="Left"/>.</param>
/// <param name="Bottom">Bottom edge, above <paramref name="Top"/>.</param>
/// <param name="Class">The class, from 0.</param>
/// <param name="Score">How sure the model is, 0 to 1.</param>
public readonly record struct Detection(float Left, float Top, float Right, float Bottom, int Class, float Score)
{
    /// <summary>A detection of a box.</summary>
    /// <param name="box">Where, in source pixels.</param>
    /// <param name="classNumber">The class, from 0.</param>
    /// <param name="score">How sure the model is, 0 to 1.</param>
    public Detection(in Box box, int classNumber, float score)
        : this(box.Left, box.Top, box.Right, box.Bottom, classNumber, score)
    {
    }

    /// <summary>The box alone.</summary>
    public Box Box => new(Left, Top, Right, Bottom);

    /// <summary>Columns.</summary>
    public float Width => Right - Left;

    /// <summary>Rows.</summary>
    public float Height => Bottom - Top;

    /// <summary>The same box in shares of the image, 0 to 1.</summary>
    /// <param name="imageWidth">The image's columns.</param>
    /// <param name="imageHeight">The image's rows.</param>
    public Detection Relative(int imageWidth, int imageHeight) =>
        new(Left / imageWidth, Top / imageHeight, Right / imageWidth, Bottom / imageHeight, Class, Score);
}
