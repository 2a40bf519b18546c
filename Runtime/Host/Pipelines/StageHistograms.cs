using Edge.Fleet.Protocol;
using Edge.Inference;

namespace Edge.Runtime.Pipelines;

/// <summary>How long the stages of frames took. One thread at a time.</summary>
internal sealed class StageHistograms
{
    internal LatencyHistogram Total { get; } = new();

    internal LatencyHistogram Read { get; } = new();

    internal LatencyHistogram Decode { get; } = new();

    internal LatencyHistogram Preprocess { get; } = new();

    internal LatencyHistogram Infer { get; } = new();

    internal LatencyHistogram Postprocess { get; } = new();

    internal LatencyHistogram Publish { get; } = new();

    internal void Add(TimeSpan total, TimeSpan read, in StageTimes stages, TimeSpan publish)
    {
        Total.Record(total);
        Read.Record(read);
        Decode.Record(stages.Decode);
        Preprocess.Record(stages.Preprocess);
        Infer.Record(stages.Infer);
        Postprocess.Record(stages.Postprocess);
        Publish.Record(publish);
    }

    internal void Clear()
    {
        Total.Clear();
        Read.Clear();
        Decode.Clear();
        Preprocess.Clear();
        Infer.Clear();
        Postprocess.Clear();
        Publish.Clear();
    }

    /// <summary>The percentiles; null where nothing was recorded.</summary>
    internal PipelineLatency? Snapshot() => Total.Count == 0
        ? null
        : new PipelineLatency
        {
            Total = Percentiles(Total),
            Read = Percentiles(Read),
            Decode = Percentiles(Decode),
            Preprocess = Percentiles(Preprocess),
            Infer = Percentiles(Infer),
            Postprocess = Percentiles(Postprocess),
            Publish = Percentiles(Publish),
        };

    private static StagePercentiles Percentiles(LatencyHistogram histogram) => new(
        Milliseconds(histogram, 0.50), Milliseconds(histogram, 0.95), Milliseconds(histogram, 0.99));

    private static double Milliseconds(LatencyHistogram histogram, double share) => Math.Round(histogram.Percentile(share).TotalMilliseconds, 4);
}
