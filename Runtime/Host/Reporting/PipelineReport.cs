using Edge.Fleet.Protocol;
using Edge.Runtime.Pipelines;

namespace Edge.Runtime.Reporting;

/// <summary>What one pipeline did.</summary>
internal sealed record PipelineReport
{
    public required string Name { get; init; }

    /// <summary>The last model; null where none could be used.</summary>
    public required ModelReference? Model { get; init; }

    /// <summary>Frames that were worked on at the same time.</summary>
    public required int Workers { get; init; }

    /// <summary>Frames that the source gave.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames that the model looked at.</summary>
    public required long Results { get; init; }

    /// <summary>Results that every sink took.</summary>
    public required long Published { get; init; }

    /// <summary>Frames that could not be read, or on which the model failed.</summary>
    public required long Skipped { get; init; }

    /// <summary>Results that a sink did not take.</summary>
    public required long Dropped { get; init; }

    /// <summary>Frames that a newer one pushed out, of live sources only.</summary>
    public required long Overtaken { get; init; }

    /// <summary>The objects that were followed; null where none were.</summary>
    public required SceneHealth? Scene { get; init; }

    /// <summary>Frames by the seconds from the start to the last result.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Managed bytes a frame, on all threads of the pipeline after the first 50 frames of each; null where there were no more.</summary>
    public required double? AllocatedBytesPerFrame { get; init; }

    public required LatencyReport LatencyMs { get; init; }

    internal static PipelineReport From(Pipeline pipeline)
    {
        PipelineCounters stats = pipeline.Stats;
        return new PipelineReport
        {
            Name = pipeline.Name,
            Model = pipeline.Model?.Reference,
            Workers = pipeline.Workers,
            Frames = pipeline.Feed.Given,
            Results = stats.Results,
            Published = stats.Published,
            Skipped = stats.Spoilt + stats.ModelFailures,
            Dropped = stats.Lost,
            Overtaken = pipeline.Feed.Dropped,
            Scene = pipeline.Config.FollowsObjects ? stats.Scene() : null,
            ImagesPerSecond = Math.Round(stats.Elapsed > TimeSpan.Zero ? (stats.Results + stats.Spoilt) / stats.Elapsed.TotalSeconds : 0, 2),
            AllocatedBytesPerFrame = pipeline.AllocatedBytesPerFrame(),
            LatencyMs = LatencyReport.From(stats.Stages),
        };
    }
}
