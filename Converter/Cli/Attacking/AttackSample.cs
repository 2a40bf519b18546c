namespace Edge.Cli.Attacking;

/// <summary>One picture before and after, for the page.</summary>
/// <param name="Clean">Levels [C,H,W].</param>
/// <param name="Changed">Levels after the attack.</param>
/// <param name="Truth">What it is.</param>
/// <param name="Attack">What was done.</param>
/// <param name="Predicted">What the model takes it for now.</param>
/// <param name="IsRight">Whether that is right.</param>
internal sealed record AttackSample(float[] Clean, float[] Changed, string Truth, string Attack, string Predicted, bool IsRight);
