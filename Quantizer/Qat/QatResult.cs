namespace Edge.Quantizer.Qat;

/// <summary>What training made of a quantized model.</summary>
/// <param name="Model">The QDQ model, its weights rounded.</param>
/// <param name="FirstLoss">The mean distance from the float model in the first tenth of the steps, as a share of its outputs' variance.</param>
/// <param name="LastLoss">The same in the last tenth.</param>
/// <param name="Steps">How many steps were made.</param>
public sealed record QatResult(QuantizedModel Model, double FirstLoss, double LastLoss, int Steps);
