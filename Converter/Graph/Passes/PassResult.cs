namespace Edge.Graph.Passes;

/// <summary>What a pass did to a model.</summary>
/// <param name="Pass">Its name.</param>
/// <param name="Changes">How many places it rewrote.</param>
public sealed record PassResult(string Pass, int Changes);
