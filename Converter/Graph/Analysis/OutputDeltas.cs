namespace Edge.Graph.Analysis;

/// <summary>What running two models on the same inputs came to.</summary>
/// <param name="Runs">On how many inputs both ran.</param>
/// <param name="Outputs">Every output of the first model, in order; empty where nothing ran.</param>
/// <param name="Layers">What nodes make on the way under one name in both, in the order of the first; empty unless asked for.</param>
/// <param name="Problem">Why nothing ran; empty where something did.</param>
public sealed record OutputDeltas(int Runs, IReadOnlyList<OutputDelta> Outputs, IReadOnlyList<OutputDelta> Layers, string Problem)
{
    /// <summary>True when all outputs were compared and none differs.</summary>
    public bool IsEqual => Problem.Length == 0 && Outputs.All(output => output.IsEqual);

    internal static OutputDeltas None(string problem) => new(0, [], [], problem);
}
