namespace Edge.Cli.Attacking;

/// <summary>How right a model is by the strength of one attack.</summary>
/// <param name="Name">The attack.</param>
/// <param name="Points">By rising strength.</param>
internal sealed record AttackCurve(string Name, IReadOnlyList<AttackPoint> Points);
