namespace Edge.Fleet.Protocol;

/// <summary>A box of a detection on its way to a message, in pixels of the frame.</summary>
/// <param name="Index">The class, from 0.</param>
/// <param name="Score">How sure the model is, 0 to 1.</param>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Bottom edge.</param>
/// <param name="Track">The number of the tracked object that it is; 0 for none.</param>
public readonly record struct DetectedBox(int Index, float Score, float Left, float Top, float Right, float Bottom, long Track = 0);
