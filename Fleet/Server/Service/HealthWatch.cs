using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;

namespace Edge.Fleet.Service;

/// <summary>Makes samples of one device's health messages, whose counts only grow until the runtime starts again.</summary>
internal sealed class HealthWatch
{
    /// <summary>Pipelines of one device that are looked at.</summary>
    private const int MaximumPipelines = 64;

    private const double HighestLatency = 1e6;
    private const double HighestDrift = 100;

    private Dictionary<string, (long In, long Failed, long Release)> _before = new(StringComparer.Ordinal);

    /// <summary>How many pipelines are remembered.</summary>
    internal int Count => _before.Count;

    /// <summary>What a message says of each package.</summary>
    internal IEnumerable<(string Package, long Release, HealthSample Sample)> Look(HealthMessage health)
    {
        // Only what this message names is remembered: names come from outside.
        Dictionary<string, (long In, long Failed, long Release)> last = _before;
        _before = new(StringComparer.Ordinal);
        foreach (PipelineHealth pipeline in health.Pipelines.Take(MaximumPipelines))
        {
            if (pipeline?.Model is not { } model)
            {
                continue;
            }
            last.TryGetValue(pipeline.Name, out (long In, long Failed, long Release) before);
            (long frames, long failed) = (pipeline.Frames.In, pipeline.Frames.Failed);
            bool isFirst = before.Release != model.Release || frames < before.In;
            _before[pipeline.Name] = (frames, failed, model.Release);
            // An interval in which the model changed belongs to neither.
            if (isFirst || frames == before.In || pipeline.LatencyMs is not { } latency)
            {
                continue;
            }
            double errors = Math.Clamp((double)(failed - before.Failed) / (frames - before.In), 0, 1);
            yield return (model.Name, model.Release, new HealthSample(errors, Math.Clamp(latency.Total.P95, 0, HighestLatency), Math.Clamp(pipeline.Drift?.Classes ?? 0, 0, HighestDrift)));
        }
    }
}
