namespace Edge.Training.Detection;

/// <summary>A picture as large as it fits into a sample, at its upper left, and what is in it.</summary>
/// <param name="Pixels">[height, width, 3] levels of the whole sample; what the picture does not reach is padding. A byte more lies behind them, so that pixels are read by four.</param>
/// <param name="Width">Columns that the picture fills.</param>
/// <param name="Height">Rows that the picture fills.</param>
/// <param name="Boxes">What is in it, in pixels of the sample.</param>
internal sealed record BoxedPicture(byte[] Pixels, int Width, int Height, IReadOnlyList<BoxTarget> Boxes);
