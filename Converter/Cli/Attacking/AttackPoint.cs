namespace Edge.Cli.Attacking;

/// <summary>How right a model still is.</summary>
/// <param name="Strength">How strong the attack: ε, or the strength of a corruption from 1 to 5; 0 is none.</param>
/// <param name="Accuracy">The share of samples that is still right.</param>
internal sealed record AttackPoint(double Strength, double Accuracy);
