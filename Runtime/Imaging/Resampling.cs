namespace Edge.Imaging;

/// <summary>How the pixels of another size are found. Both align pixel centres and round to whole levels, as OpenCV does.</summary>
public enum Resampling
{
    /// <summary>Between the four nearest pixels (OpenCV's INTER_LINEAR).</summary>
    Bilinear,

    /// <summary>The mean of all pixels that a target pixel covers (OpenCV's INTER_AREA); an image that grows is resampled bilinearly.</summary>
    Area,
}
