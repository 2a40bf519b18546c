namespace Edge.Imaging;

/// <summary>What an image file says about itself.</summary>
/// <param name="Codec">How it is encoded.</param>
/// <param name="Width">Columns of the upright image; a decoder that was allowed to scale gives fewer.</param>
/// <param name="Height">Rows of the upright image.</param>
public readonly record struct ImageInfo(ImageCodec Codec, int Width, int Height);
