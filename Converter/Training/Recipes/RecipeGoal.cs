namespace Edge.Training.Recipes;

/// <summary>What a result is measured by.</summary>
/// <param name="Metric"><c>accuracy</c>, <c>f1</c>, <c>auc</c>, <c>mse</c>, <c>mae</c> or <c>loss</c>.</param>
/// <param name="Target">What it should reach; null where it is only reported.</param>
public sealed record RecipeGoal(string Metric, double? Target)
{
    /// <summary>Whether less is better.</summary>
    public bool IsLess => Metric is "mse" or "mae" or "loss";

    /// <summary>Whether a value is good enough; true without a target.</summary>
    /// <param name="value">The value.</param>
    public bool IsReached(double value) => Target is not { } target || (IsLess ? value <= target : value >= target);
}
