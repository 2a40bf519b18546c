namespace Edge.Fleet.Protocol;

/// <summary>What one frame cost, stage by stage, on its way to a message.</summary>
/// <param name="Decode">Compressed bytes to pixels.</param>
/// <param name="Preprocess">Pixels to the input tensor.</param>
/// <param name="Infer">The engine's run.</param>
/// <param name="Postprocess">Output tensor to classes.</param>
/// <param name="Total">From the frame's bytes to its classes.</param>
public readonly record struct StageTimes(TimeSpan Decode, TimeSpan Preprocess, TimeSpan Infer, TimeSpan Postprocess, TimeSpan Total);
