using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;

namespace Edge.Fleet.Service;

/// <summary>Makes samples of one device's health messages, whose counts only grow until the runtime starts again.</summary>
internal sealed class HealthWatch
{
    private readonly Dictionary<string, (long In, long Failed, long Release)> _before = new(StringComparer.Ordinal);

    /// <summary>What a message says of each package.</summary>
    internal IEnumerable<(string Package, long Release, HealthSample Sample)> Look(HealthMessage health)
    {
        foreach (PipelineHealth pipeline in health.Pipelines)
        {
            if (pipeline.Model is not { } model)
            {
                continue;
            }
            _before.TryGetValue(pipeline.Name, out (long In, long Failed, long Release) before);
            (long frames, long failed) = (pipeline.Frames.In, pipeline.Frames.Failed);
            bool isFirst = before.Release != model.Release || frames < before.In;
            _before[pipeline.Name] = (frames, failed, model.Release);
            // An interval in which the model changed belongs to neither.
            if (isFirst || frames == before.In || pipeline.LatencyMs is not { } latency)
            {
                continue;
            }
            double errors = Math.Clamp((double)(failed - before.Failed) / (frames - before.In), 0, 1);
            yield return (model.Name, model.Release, new HealthSample(errors, latency.Total.P95, pipeline.Drift?.Classes ?? 0));
        }
    }
}
