namespace Edge.Imaging;

/// <summary>
/// Which part of an image lands where in a tensor's plane. Pixel centres are aligned: column <c>x</c> of the target shows the
/// source at <c>SourceX + (x − TargetX + 0.5) · SourceWidth ÷ TargetWidth − 0.5</c>, and rows likewise.
/// </summary>
/// <param name="SourceX">Left edge of the part of the image that is shown, in pixels.</param>
/// <param name="SourceY">Its top edge.</param>
/// <param name="SourceWidth">Its columns; need not be whole.</param>
/// <param name="SourceHeight">Its rows; need not be whole.</param>
/// <param name="TargetX">First column it fills.</param>
/// <param name="TargetY">First row it fills.</param>
/// <param name="TargetWidth">Columns it fills.</param>
/// <param name="TargetHeight">Rows it fills.</param>
public readonly record struct Placement(
    double SourceX, double SourceY, double SourceWidth, double SourceHeight,
    int TargetX, int TargetY, int TargetWidth, int TargetHeight)
{
    /// <summary>The whole image on the whole plane; the aspect ratio is lost.</summary>
    /// <param name="width">The image's columns.</param>
    /// <param name="height">The image's rows.</param>
    /// <param name="targetWidth">The plane's columns.</param>
    /// <param name="targetHeight">The plane's rows.</param>
    public static Placement Stretch(int width, int height, int targetWidth, int targetHeight) =>
        new(0, 0, width, height, 0, 0, targetWidth, targetHeight);

    /// <summary>The whole image, as large as it fits with its aspect ratio kept.</summary>
    /// <param name="width">The image's columns.</param>
    /// <param name="height">The image's rows.</param>
    /// <param name="targetWidth">The plane's columns.</param>
    /// <param name="targetHeight">The plane's rows.</param>
    /// <param name="centered">
    /// In the middle, sizes rounded, as the letterbox() of Ultralytics' YOLO does it; otherwise at the top left, sizes cut to whole
    /// pixels, as the preproc() of YOLOX does.
    /// </param>
    public static Placement Letterbox(int width, int height, int targetWidth, int targetHeight, bool centered)
    {
        double scale = Math.Min((double)targetWidth / width, (double)targetHeight / height);
        double half = centered ? 0.5 : 0;
        int fitWidth = Math.Clamp((int)((width * scale) + half), 1, targetWidth);
        int fitHeight = Math.Clamp((int)((height * scale) + half), 1, targetHeight);
        int left = centered ? (targetWidth - fitWidth) / 2 : 0;
        int top = centered ? (targetHeight - fitHeight) / 2 : 0;
        return new Placement(0, 0, width, height, left, top, fitWidth, fitHeight);
    }

    /// <summary>The middle of the image, as much as covers the plane with the aspect ratio kept.</summary>
    /// <param name="width">The image's columns.</param>
    /// <param name="height">The image's rows.</param>
    /// <param name="targetWidth">The plane's columns.</param>
    /// <param name="targetHeight">The plane's rows.</param>
    public static Placement Crop(int width, int height, int targetWidth, int targetHeight)
    {
        double scale = Math.Max((double)targetWidth / width, (double)targetHeight / height);
        double shownWidth = Math.Min(targetWidth / scale, width);
        double shownHeight = Math.Min(targetHeight / scale, height);
        return new Placement((width - shownWidth) / 2, (height - shownHeight) / 2, shownWidth, shownHeight, 0, 0, targetWidth, targetHeight);
    }

    /// <summary>Where a column of the plane lies in the image, in pixels from its left edge.</summary>
    /// <param name="x">Columns from the plane's left edge; need not be whole.</param>
    public double ToSourceX(double x) => SourceX + ((x - TargetX) * SourceWidth / TargetWidth);

    /// <summary>Where a row of the plane lies in the image, in pixels from its top edge.</summary>
    /// <param name="y">Rows from the plane's top edge; need not be whole.</param>
    public double ToSourceY(double y) => SourceY + ((y - TargetY) * SourceHeight / TargetHeight);

    /// <summary>The same placement of an image that was decoded at fewer pixels, in the image's own.</summary>
    /// <param name="pixelWidth">Columns that were decoded.</param>
    /// <param name="pixelHeight">Rows that were decoded.</param>
    /// <param name="width">The image's columns.</param>
    /// <param name="height">The image's rows.</param>
    public Placement InImage(int pixelWidth, int pixelHeight, int width, int height)
    {
        double x = (double)width / pixelWidth, y = (double)height / pixelHeight;
        return this with { SourceX = SourceX * x, SourceY = SourceY * y, SourceWidth = SourceWidth * x, SourceHeight = SourceHeight * y };
    }
}
