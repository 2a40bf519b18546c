using Edge.Inference;

namespace Edge.Scenes;

/// <summary>One frame of a generated scene.</summary>
/// <param name="Time">When it was taken.</param>
/// <param name="Truth">What is there.</param>
/// <param name="Detections">What an imperfect detector finds.</param>
public sealed record SceneFrame(TimeSpan Time, IReadOnlyList<TrueObject> Truth, IReadOnlyList<Detection> Detections);
