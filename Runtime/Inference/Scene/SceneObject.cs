namespace Edge.Inference;

/// <summary>A tracked object at a moment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Class">Its class.</param>
/// <param name="Score">The score of its last detection.</param>
/// <param name="Box">Its box in source pixels.</param>
/// <param name="BestScore">The best score so far.</param>
/// <param name="BestBox">Where it was detected with that score.</param>
/// <param name="BestTime">When.</param>
/// <param name="FirstSeen">When it was first seen.</param>
/// <param name="LastSeen">When it was last seen.</param>
/// <param name="IsStationary">Is it standing still?</param>
/// <param name="Zones">The zones it is in, bit by bit: bit 0 is the first zone.</param>
/// <param name="Slot">Its <see cref="Track.Slot"/>, to ask <see cref="SceneMonitor.Path"/> with.</param>
public readonly record struct SceneObject(
    long Id, int Class, float Score, Box Box, float BestScore, Box BestBox, TimeSpan BestTime,
    TimeSpan FirstSeen, TimeSpan LastSeen, bool IsStationary, ulong Zones, int Slot);
