namespace Edge.Imaging;

/// <summary>How an image is to be decoded.</summary>
/// <param name="Format">The pixels wanted.</param>
/// <param name="MinimumWidth">
/// Columns that suffice. A JPEG may then be decoded at 1/2, 1/4 or 1/8 of its size, the smallest that still suffices, which is
/// faster; 0 decodes at full size.
/// </param>
/// <param name="MinimumHeight">Rows that suffice; 0 decodes at full size.</param>
/// <param name="CoverBoth">True where both sides must suffice; false where one is enough, since the image is to fit into a box.</param>
/// <param name="Oriented">True turns the image as its EXIF data say, so that up is up.</param>
public readonly record struct DecodeOptions(PixelFormat Format, int MinimumWidth = 0, int MinimumHeight = 0, bool CoverBoth = true, bool Oriented = true);
