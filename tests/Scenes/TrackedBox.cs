using Edge.Inference;

namespace Edge.Scenes;

/// <summary>What a tracker says of a frame.</summary>
/// <param name="Id">Which object it takes it for.</param>
/// <param name="Box">Where, in pixels.</param>
public readonly record struct TrackedBox(long Id, Box Box);
