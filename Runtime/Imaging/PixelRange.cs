namespace Edge.Imaging;

/// <summary>Which levels YUV pixels use (ITU-R BT.601).</summary>
public enum PixelRange
{
    /// <summary>Luma 16 to 235, chroma 16 to 240: most cameras and video.</summary>
    Limited,

    /// <summary>0 to 255: JPEG, and cameras whose colour range says so.</summary>
    Full,
}
