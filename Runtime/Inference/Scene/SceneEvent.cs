namespace Edge.Inference;

/// <summary>Something that happened to a tracked object.</summary>
/// <param name="Kind">What.</param>
/// <param name="Object">The object as it was then.</param>
/// <param name="Place">Which zone or line by number, for the kinds that have one; otherwise −1.</param>
/// <param name="Direction">For <see cref="SceneEventKind.LineCross"/>: 1 from the line's left to its right, −1 back; otherwise 0.</param>
/// <param name="Dwell">How long: in the zone for zone kinds, since it was first seen for others.</param>
public readonly record struct SceneEvent(SceneEventKind Kind, SceneObject Object, int Place, int Direction, TimeSpan Dwell);
