namespace Edge.Cli.Demo;

/// <summary>One answer of the runtime, as it came over MQTT.</summary>
/// <param name="Index">Which picture of the test set.</param>
/// <param name="Class">The class that the model names first.</param>
/// <param name="Label">Its name.</param>
/// <param name="Score">Its score, from 0 to 1.</param>
internal sealed record DeviceResult(int Index, int Class, string Label, float Score);
