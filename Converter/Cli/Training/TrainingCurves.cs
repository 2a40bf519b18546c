using Edge.Reports;

namespace Edge.Cli.Training;

/// <summary>How training went, for plots.</summary>
/// <param name="Loss">Loss over steps, on training and validation data.</param>
/// <param name="Accuracy">Accuracy over steps, on training and validation data.</param>
internal sealed record TrainingCurves(IReadOnlyList<Series> Loss, IReadOnlyList<Series> Accuracy);
