using Edge.Foundation;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Service;

/// <summary>Gives pipelines their models, at the start and in exchange for another one while frames come.</summary>
/// <param name="store">Where models are shared.</param>
internal sealed class ModelLoader(ModelStore store)
{
    /// <summary>Whose packages are accepted under a configuration.</summary>
    internal Func<RuntimeConfig, PackageTrust> Trust { get; set; } = config => PackageTrust.Load([.. config.TrustedKeys]);

    /// <summary>Frames of a pipeline that are worked on at the same time.</summary>
    internal static int Workers(RuntimeConfig config, PipelineConfig pipeline) =>
        pipeline.Source.IsReadings ? 1
        : pipeline.Workers > 0 ? pipeline.Workers
        : pipeline.Source.IsLive ? 1
        : Math.Max(1, Environment.ProcessorCount / Math.Max(1, config.Threads));

    /// <summary>
    /// Loads a model and puts it into the pipeline's place for it. While this takes, and where it fails, the pipeline goes on
    /// with the model that it has.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="path">The package.</param>
    /// <param name="fresh">True makes another copy even of a model that is in memory.</param>
    /// <exception cref="InputException">The package or its model cannot be used.</exception>
    internal void Load(RuntimeConfig config, Pipeline pipeline, string path, bool fresh)
    {
        ModelShare share = store.Open(path, Trust(config), Settings(config, pipeline.Config), fresh);
        PipelineModel model;
        try
        {
#pragma warning disable CA2000 // The pipeline disposes it.
            model = new PipelineModel(pipeline.Config, share, pipeline.Workers, warm: pipeline.Model is not null);
#pragma warning restore CA2000
        }
        catch
        {
            share.Dispose();
            throw;
        }
        bool isFirst = pipeline.Model is null;
        pipeline.Use(model);
        (pipeline.PackagePath, pipeline.ModelError) = (path, null);
        if (!isFirst)
        {
            pipeline.Stats.CountSwap(error: null);
        }
        Log.Info($"pipeline {pipeline.Name}: {model.Reference.Name} {model.Reference.Version} (release {model.Reference.Release}) on {model.Provider}, {pipeline.Workers} workers, {pipeline.Feed.Source.Name}");
    }

    /// <summary>The same, but what is wrong is told and the pipeline goes on without it.</summary>
    /// <returns>Whether the pipeline has the model.</returns>
    internal bool TryLoad(RuntimeConfig config, Pipeline pipeline, string path, bool fresh)
    {
        try
        {
            Load(config, pipeline, path, fresh);
            store.Settle();
            return true;
        }
        catch (Exception e)
        {
            string reason = Log.OneLine(Failure.Describe(e));
            pipeline.Stats.CountSwap(reason);
            pipeline.Delay(reason);
            Log.Error($"pipeline {pipeline.Name}: {reason}: {(pipeline.Model is null ? "tried again later" : "the model before goes on")}");
            return false;
        }
    }

    /// <summary>Where several frames are worked on at once each gets one thread; one package has the same settings everywhere.</summary>
    internal static SessionSettings Settings(RuntimeConfig config, PipelineConfig pipeline)
    {
        int threads = config.Threads;
        foreach (PipelineConfig other in config.Pipelines)
        {
            if (threads == 0 && other.Package == pipeline.Package && Workers(config, other) > 1)
            {
                threads = 1;
            }
        }
        return new SessionSettings
        {
            Providers = Providers.Parse(string.Join(',', config.Providers)),
            Threads = threads,
            MeasureThreads = config.MeasureThreads,
            CacheFolder = config.CacheFolder,
            Arena = config.Engine.Arena,
            MemoryPattern = config.Engine.MemoryPattern,
            AllowSpinning = config.Engine.Spinning,
            MaximumBatch = config.Engine.Batch,
            BatchPatience = TimeSpan.FromMilliseconds(config.Engine.BatchWaitMilliseconds),
        };
    }
}
