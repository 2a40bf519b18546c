using Edge.Cli.Inspection;
using Edge.Graph.Passes;

namespace Edge.Cli.Import;

/// <summary>What an import found and did.</summary>
internal sealed record ImportReport
{
    public required string Target { get; init; }

    public required long OpsetBefore { get; init; }

    public required long OpsetAfter { get; init; }

    /// <summary>Why the opset stayed; null where it need not change or was upgraded.</summary>
    public string? OpsetNote { get; init; }

    public required int NodesBefore { get; init; }

    public required int NodesAfter { get; init; }

    public required long BytesBefore { get; init; }

    public required long BytesAfter { get; init; }

    public required long MultiplyAddsBefore { get; init; }

    public required IReadOnlyList<PassResult> Passes { get; init; }

    public required IReadOnlyList<ProofStep> Proofs { get; init; }

    /// <summary>The model as it was written.</summary>
    public required ModelReport Model { get; init; }

    /// <summary>One comparison in ONNX Runtime.</summary>
    /// <param name="Of">What was held against what.</param>
    /// <param name="Runs">On how many inputs.</param>
    /// <param name="Samples">How many of them were given by the user.</param>
    /// <param name="LargestDifference">The largest absolute difference of any element.</param>
    /// <param name="Output">The output that it is in.</param>
    /// <param name="SqnrDecibels">Signal to noise of the worst output, for steps that round; null for exact ones.</param>
    internal sealed record ProofStep(string Of, int Runs, int Samples, double LargestDifference, string? Output, double? SqnrDecibels);
}
