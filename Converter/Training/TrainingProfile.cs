namespace Edge.Training;

/// <summary>Where the time of a training run went.</summary>
/// <param name="Phases">The time of each phase, in the order of <see cref="TrainingPhase"/>.</param>
/// <param name="Operators">The time of each operator, forward and backward, the longest first; empty unless it was measured.</param>
public sealed record TrainingProfile(IReadOnlyList<KeyValuePair<TrainingPhase, TimeSpan>> Phases, IReadOnlyList<OperatorTime> Operators);
