using Edge.Runtime.Pipelines;

namespace Edge.Runtime.Reporting;

/// <summary>The stages of a pipeline. <c>total</c> is from opening the file to handing the result over.</summary>
internal sealed record LatencyReport
{
    public required StageReport Total { get; init; }

    public required StageReport Read { get; init; }

    public required StageReport Decode { get; init; }

    public required StageReport Preprocess { get; init; }

    public required StageReport Infer { get; init; }

    public required StageReport Postprocess { get; init; }

    public required StageReport Publish { get; init; }

    internal static LatencyReport From(StageHistograms stages) => new()
    {
        Total = StageReport.From(stages.Total),
        Read = StageReport.From(stages.Read),
        Decode = StageReport.From(stages.Decode),
        Preprocess = StageReport.From(stages.Preprocess),
        Infer = StageReport.From(stages.Infer),
        Postprocess = StageReport.From(stages.Postprocess),
        Publish = StageReport.From(stages.Publish),
    };
}
