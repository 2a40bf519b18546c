namespace Edge.Cli.Training;

/// <summary>What one recipe came to.</summary>
/// <param name="Name">The recipe.</param>
/// <param name="Metric">What it is measured by.</param>
/// <param name="Value">The figure on the test samples; null where the recipe was skipped.</param>
/// <param name="Target">What it should reach; null where it is only reported.</param>
/// <param name="Reached">Whether it did; null where it was skipped or there is no target.</param>
/// <param name="Seconds">How long training took.</param>
/// <param name="ImagesPerSecond">Training speed, in samples.</param>
/// <param name="TorchRatio">The net's speed beside python3-torch, where bench-train measured it.</param>
/// <param name="Skipped">Why it was skipped; null where it ran.</param>
internal sealed record RecipeResult(
    string Name, string Metric, double? Value, double? Target, bool? Reached, double? Seconds, double? ImagesPerSecond, double? TorchRatio, string? Skipped);
