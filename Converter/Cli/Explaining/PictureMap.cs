using Edge.Judging.Explaining;

namespace Edge.Cli.Explaining;

/// <summary>What one method says about a picture.</summary>
/// <param name="Method">The method.</param>
/// <param name="Map">Where it counts.</param>
/// <param name="Attribution">The attributions that the map was made of; null for methods that have none.</param>
internal sealed record PictureMap(string Method, HeatMap Map, Attribution? Attribution);
