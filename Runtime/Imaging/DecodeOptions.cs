namespace Edge.Imaging;

/// <summary>How an image is to be decoded.</summary>
/// <param name="Format">The pixels wanted.</param>
/// <param name="MinimumWidth">
/// Columns that suffice. A JPEG may then be decoded at 1/2, 1/4 or 1/8 of its size, the smallest that still has as many
/// columns and rows, which is faster; 0 decodes at full size.
/// </param>
/// <param name="MinimumHeight">Rows that suffice; 0 decodes at full size.</param>
public readonly record struct DecodeOptions(PixelFormat Format, int MinimumWidth = 0, int MinimumHeight = 0);
