namespace Edge.Imaging;

/// <summary>The encodings of images that are read and written.</summary>
public enum ImageCodec
{
    /// <summary>JPEG (ITU-T T.81).</summary>
    Jpeg,

    /// <summary>PNG (ISO/IEC 15948).</summary>
    Png,
}
