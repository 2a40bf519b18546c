namespace Edge.Training.Recipes;

/// <summary>How a trained model is gone on with.</summary>
/// <param name="Train">Patterns of the weights that change; empty for all.</param>
/// <param name="Freeze">Patterns of weights that do not.</param>
/// <param name="HeadOnly">Whether only the last layer changes.</param>
/// <param name="ReplaceHead">Whether the last layer is made anew; null where the number of classes decides.</param>
/// <param name="FreezeBatchNorm">Whether running statistics stay.</param>
/// <param name="BodyRate">Multiplies the learning rate of everything but the last layer.</param>
public sealed record RecipeFineTuning(
    IReadOnlyList<string> Train, IReadOnlyList<string> Freeze, bool HeadOnly, bool? ReplaceHead, bool FreezeBatchNorm, double BodyRate);
