using Edge.Inference;

namespace Edge.Scenes;

/// <summary>Where an object truly is.</summary>
/// <param name="Id">Which object.</param>
/// <param name="Box">Its box in pixels.</param>
/// <param name="IsHidden">Is it behind another object, so that no detector could find it?</param>
public readonly record struct TrueObject(int Id, Box Box, bool IsHidden);
