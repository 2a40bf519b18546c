using System.Diagnostics;
using System.Globalization;
using Edge.Agent;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Inference;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;

namespace Edge.Runtime.Updates;

/// <summary>The pipelines as the update agent sees them.</summary>
/// <param name="pipelines">The pipelines of the moment.</param>
/// <param name="store">Where models are shared.</param>
/// <param name="loader">Gives pipelines their models.</param>
/// <param name="jobs">Where models are exchanged.</param>
/// <param name="config">The configuration of the moment.</param>
internal sealed class ModelHost(PipelineSet pipelines, ModelStore store, ModelLoader loader, JobQueue jobs, Func<RuntimeConfig> config) : IModelHost
{
    private const int WarmUps = 2;
    private const int Runs = 15;

    /// <summary>Frames may be rare: what has come by then is what is compared.</summary>
    private static readonly TimeSpan ComparePatience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, string> _factory = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failuresBefore = new(StringComparer.Ordinal);

    /// <summary>Says what a package's name stands for where nothing was ever updated.</summary>
    internal void Know(string name, string factoryPath) => _factory[name] = factoryPath;

    public void Rehearse(string name, string path, TrialSpec trial)
    {
        Pipeline? pipeline = Using(name) is [var first, ..] ? first : null;
        if (pipeline is null)
        {
            return;
        }
        SessionSettings settings = ModelLoader.Settings(config(), pipeline.Config);
        using ModelShare candidate = store.Open(path, loader.Trust(config()), settings);
        Measure(pipeline, candidate, settings, trial);
        if (trial.CompareFrames > 0 && candidate.Model is VisionModel vision && pipeline.Model is { Sensors: null } running)
        {
            Compare(pipeline, vision, running.Labels, trial);
        }
    }

    public void Use(string name, string? path)
    {
        string file = path ?? _factory[name];
        InputException? failure = null;
        using var done = new ManualResetEventSlim();
        jobs.Post($"update {name} {file}", () =>
        {
            try
            {
                Exchange(name, file);
            }
            catch (InputException e)
            {
                failure = e;
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        if (failure is not null)
        {
            throw new ConfigException(failure.Message, failure);
        }
    }

    public string? Complaint(string name, TrialSpec trial)
    {
        foreach (Pipeline pipeline in Using(name))
        {
            long failures = pipeline.Stats.ModelFailures - _failuresBefore.GetValueOrDefault(pipeline.Name);
            if (failures > trial.MaximumFailures)
            {
                return $"pipeline {pipeline.Name}: the model failed on {failures} frames: {pipeline.Stats.LastModelError}";
            }
            if (pipeline.State == PipelineState.Quarantined)
            {
                return $"pipeline {pipeline.Name}: the model is in quarantine: {pipeline.Stats.LastModelError}";
            }
            if (pipeline.Model is null)
            {
                return $"pipeline {pipeline.Name}: no model: {pipeline.ModelError}";
            }
        }
        return null;
    }

    /// <summary>Runs the model on its own, and where a multiple of the running one's time is the limit, that one in turns with it.</summary>
    private void Measure(Pipeline pipeline, ModelShare candidate, SessionSettings settings, TrialSpec trial)
    {
        using ModelSession runner = candidate.Model.CreateSession();
        if (trial.MaximumInferMs == 0 && trial.MaximumInferRatio == 0)
        {
            runner.Run();
            return;
        }
        double old = 0;
        double fresh;
        if (trial.MaximumInferRatio > 0 && pipeline.Model is not null)
        {
            // One after the other in turns, so that whatever else the machine does slows both down.
            using ModelShare running = store.Open(pipeline.PackagePath, loader.Trust(config()), settings);
            using ModelSession runningRunner = running.Model.CreateSession();
            (fresh, old) = (Median(runner, runningRunner, out double median), median);
        }
        else
        {
            fresh = Median(runner, null, out _);
        }
        Judge(fresh, old, trial, "");
    }

    /// <summary>Runs the model beside the one that runs, on the frames that come. Where none come there is nothing to compare.</summary>
    private static void Compare(Pipeline pipeline, VisionModel candidate, IReadOnlyList<string> labels, TrialSpec trial)
    {
        VisionRunner runner = candidate.CreateRunner(null);
        if (pipeline.Threshold is { } threshold)
        {
            runner.Threshold = (float)threshold;
        }
        using var comparison = new LiveComparison(runner, candidate.Labels, labels, trial.CompareFrames);
        pipeline.Comparison = comparison;
        comparison.Wait(ComparePatience);
        pipeline.Comparison = null;
        comparison.End();
        if (comparison.Failure is { } failure)
        {
            throw new ConfigException($"pipeline {pipeline.Name}: the model fails on live frames: {failure}");
        }
        if (comparison.Frames == 0)
        {
            return;
        }
        Judge(comparison.CandidateMs, comparison.RunningMs, trial, " on live frames");
        if (comparison.Agreement < trial.MinimumAgreement)
        {
            throw new ConfigException(string.Create(CultureInfo.InvariantCulture,
                $"pipeline {pipeline.Name}: on {comparison.Frames} live frames the model agrees with the running one by {100 * comparison.Agreement:0.#} %, at least {100 * trial.MinimumAgreement:0.#} % are asked for"));
        }
    }

    private static void Judge(double fresh, double old, TrialSpec trial, string where)
    {
        if (trial.MaximumInferMs > 0 && fresh > trial.MaximumInferMs)
        {
            throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"one inference takes {fresh:0.##} ms on this device{where}, at most {trial.MaximumInferMs:0.##} ms are allowed"));
        }
        if (old > 0 && trial.MaximumInferRatio > 0 && fresh > old * trial.MaximumInferRatio)
        {
            throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"one inference takes {fresh:0.##} ms on this device{where}, the running model takes {old:0.##} ms, at most {trial.MaximumInferRatio:0.##} times as much is allowed"));
        }
    }

    private void Exchange(string name, string file)
    {
        var changed = new List<(Pipeline Pipeline, string Before)>();
        try
        {
            foreach (Pipeline pipeline in Using(name))
            {
                string before = pipeline.PackagePath;
                _failuresBefore[pipeline.Name] = pipeline.Stats.ModelFailures;
                loader.Load(config(), pipeline, file, fresh: false);
                if (pipeline.Quarantine.IsActive)
                {
                    pipeline.Quarantine.Lift();
                    pipeline.OpenDoor();
                }
                changed.Add((pipeline, before));
            }
            store.Settle();
        }
        catch (InputException)
        {
            foreach ((Pipeline pipeline, string before) in changed)
            {
                loader.TryLoad(config(), pipeline, before, fresh: false);
            }
            throw;
        }
    }

    private List<Pipeline> Using(string name)
    {
        var list = new List<Pipeline>();
        foreach (Pipeline pipeline in pipelines.All)
        {
            if (pipeline.Config.PackageName == name)
            {
                list.Add(pipeline);
            }
        }
        return list;
    }

    private static double Median(ModelSession runner, ModelSession? other, out double median)
    {
        double[] times = new double[Runs];
        double[] otherTimes = new double[Runs];
        for (int i = -WarmUps; i < Runs; i++)
        {
            double time = Time(runner);
            double otherTime = other is null ? 0 : Time(other);
            if (i >= 0)
            {
                (times[i], otherTimes[i]) = (time, otherTime);
            }
        }
        Array.Sort(times);
        Array.Sort(otherTimes);
        median = otherTimes[Runs / 2];
        return times[Runs / 2];
    }

    private static double Time(ModelSession runner)
    {
        long start = Stopwatch.GetTimestamp();
        runner.Run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
