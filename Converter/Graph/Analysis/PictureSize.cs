namespace Edge.Graph.Analysis;

/// <summary>The picture that a model takes; null for a size that is open.</summary>
internal sealed record PictureSize(long? Height, long? Width, long Channels, bool IsNchw);
