namespace Edge.Hardware.Cameras;

/// <summary>A size, or a range of sizes, that a camera offers in a format.</summary>
/// <param name="Format">The format.</param>
/// <param name="MinimumWidth">The smallest width.</param>
/// <param name="MaximumWidth">The largest width; the smallest where the size is the only one.</param>
/// <param name="StepWidth">The step of widths, 1 or more.</param>
/// <param name="MinimumHeight">The smallest height.</param>
/// <param name="MaximumHeight">The largest height.</param>
/// <param name="StepHeight">The step of heights, 1 or more.</param>
/// <param name="Rate">The highest rate at the largest of these sizes; 0 if the driver does not say.</param>
public sealed record CameraSize(FourCC Format, int MinimumWidth, int MaximumWidth, int StepWidth, int MinimumHeight, int MaximumHeight, int StepHeight, double Rate)
{
    /// <summary>The offered width and height nearest to a wish.</summary>
    /// <param name="width">The wished columns.</param>
    /// <param name="height">The wished rows.</param>
    public (int Width, int Height) Nearest(int width, int height) =>
        (Nearest(width, MinimumWidth, MaximumWidth, StepWidth), Nearest(height, MinimumHeight, MaximumHeight, StepHeight));

    private static int Nearest(int wish, int minimum, int maximum, int step)
    {
        int clamped = Math.Clamp(wish, minimum, Math.Max(minimum, maximum));
        return minimum + ((clamped - minimum) / Math.Max(1, step) * Math.Max(1, step));
    }
}
