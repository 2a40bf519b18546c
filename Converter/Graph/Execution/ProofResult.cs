namespace Edge.Graph.Execution;

/// <summary>Whether a rewritten model computes what its source computes.</summary>
/// <param name="Verdict">What the comparison came to.</param>
/// <param name="Runs">On how many inputs both models were run.</param>
/// <param name="Outputs">Each output that was compared, the one that differs most first.</param>
/// <param name="Reason">One line: what differs most, or why nothing could be compared; empty for a proven model.</param>
public sealed record ProofResult(ProofVerdict Verdict, int Runs, IReadOnlyList<OutputDifference> Outputs, string Reason)
{
    /// <summary>Outputs that change from run to run in the source itself and say nothing.</summary>
    public IReadOnlyList<string> RandomOutputs { get; init; } = [];

    /// <summary>True unless the models were seen to differ.</summary>
    public bool IsAcceptable => Verdict != ProofVerdict.Differs;
}
