namespace Edge.Fleet.Publishing;

/// <summary>What publishing did.</summary>
/// <param name="Blobs">Blobs that make up the release.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Published">Of these, blobs that the broker did not have.</param>
/// <param name="PublishedBytes">Their bytes.</param>
public sealed record PublishReport(int Blobs, long Bytes, int Published, long PublishedBytes);
