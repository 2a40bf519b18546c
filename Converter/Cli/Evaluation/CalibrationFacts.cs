using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>Whether a classifier is right as often as it says, and what a temperature makes of it.</summary>
/// <param name="Before">As the model is.</param>
/// <param name="Temperature">The fitted temperature; null where none was asked for.</param>
/// <param name="FittedOn">Samples that it was fitted to; they judge nothing.</param>
/// <param name="After">With the temperature.</param>
internal sealed record CalibrationFacts(Calibration Before, double? Temperature, int FittedOn, Calibration? After);
