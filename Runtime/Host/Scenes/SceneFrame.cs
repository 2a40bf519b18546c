using System.Text.Json;

namespace Edge.Runtime.Scenes;

/// <summary>What events say of the frame in which they happened.</summary>
/// <param name="Sequence">The frame's number, from 1.</param>
/// <param name="Source">What was looked at, encoded.</param>
/// <param name="Width">The frame's columns.</param>
/// <param name="Height">The frame's rows.</param>
/// <param name="Time">The frame's time on the scene's own clock.</param>
/// <param name="TimeUtc">The same time in UTC.</param>
internal readonly record struct SceneFrame(long Sequence, JsonEncodedText Source, int Width, int Height, TimeSpan Time, DateTime TimeUtc)
{
    /// <summary>A time of the scene's clock in UTC.</summary>
    internal DateTime Utc(TimeSpan time) => TimeUtc - (Time - time);
}
