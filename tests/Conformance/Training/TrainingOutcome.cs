namespace Edge.Conformance.Training;

/// <summary>How the training engine did with a case.</summary>
/// <param name="Verdict">Right, wrong or refused.</param>
/// <param name="Reason">What differs, or why it was refused.</param>
public sealed record TrainingOutcome(TrainingVerdict Verdict, string Reason);
