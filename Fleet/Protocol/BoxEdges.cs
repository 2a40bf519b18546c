namespace Edge.Fleet.Protocol;

/// <summary>A box in pixels of the frame: x to the right, y down, the top left corner is (0, 0).</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Right">Right edge.</param>
/// <param name="Bottom">Bottom edge.</param>
public sealed record BoxEdges(double Left, double Top, double Right, double Bottom);
