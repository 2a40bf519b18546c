using System.Diagnostics;
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
        if (trial.MaximumInferMs > 0 && fresh > trial.MaximumInferMs)
        {
            throw new ConfigException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"one inference takes {fresh:0.##} ms on this device, at most {trial.MaximumInferMs:0.##} ms are allowed"));
        }
        if (old > 0 && fresh > old * trial.MaximumInferRatio)
        {
            throw new ConfigException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"one inference takes {fresh:0.##} ms on this device, the running model takes {old:0.##} ms, at most {trial.MaximumInferRatio:0.##} times as much is allowed"));
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
