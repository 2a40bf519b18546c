using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Pipelines;

/// <summary>The work of <c>edge-runtime run</c>: everything is checked and loaded, then connected, then run, then ended.</summary>
internal static class Runner
{
    private static readonly TimeSpan FirstConnectionPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>Runs until every source is through or a signal asks to stop.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="statsPath">A file for the report, or null.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">Something that the configuration names is wrong; nothing was started.</exception>
    internal static int Run(RuntimeConfig config, string? statsPath)
    {
        using var stop = new StopSignal();
        var topics = new Topics(config.Root, config.Device);
        using var link = new MqttLink(config, topics, Product.Version, Product.Engine);
        var firstResult = new FirstResult();
        var pipelines = new List<ImagePipeline>();
        try
        {
            Load(config, topics, link, firstResult, pipelines);
            link.Start(FirstConnectionPatience, stop.Token);
            RunAll(pipelines, stop.Token);
            link.Close(DrainPatience);
            Report(config, link, firstResult, pipelines, statsPath);
            return pipelines.Exists(pipeline => pipeline.HasFailed) ? ExitCode.Failure : ExitCode.Success;
        }
        finally
        {
            foreach (ImagePipeline pipeline in pipelines)
            {
                pipeline.Dispose();
            }
        }
    }

    private static void Load(RuntimeConfig config, Topics topics, MqttLink link, FirstResult firstResult, List<ImagePipeline> pipelines)
    {
        var settings = new SessionSettings { Providers = Providers.Parse(string.Join(',', config.Providers)), Threads = config.Threads };
        PackageTrust trust = PackageTrust.Load([.. config.TrustedKeys]);
        var packages = new Dictionary<string, Package>(StringComparer.Ordinal);
        var sources = new List<FolderSource>();
        foreach (PipelineConfig pipeline in config.Pipelines)
        {
            if (!packages.ContainsKey(pipeline.Package))
            {
                packages.Add(pipeline.Package, Package.Open(pipeline.Package, trust));
            }
            sources.Add(FolderSource.Open(pipeline.Source.Path, pipeline.Source.Pattern));
        }
        for (int i = 0; i < config.Pipelines.Count; i++)
        {
            PipelineConfig pipeline = config.Pipelines[i];
            var classifier = new FrameClassifier(packages[pipeline.Package], settings, pipeline.TopK);
            pipelines.Add(new ImagePipeline(pipeline, sources[i], classifier, topics, link, firstResult));
            ModelReference model = classifier.Model;
            Log.Info($"pipeline {pipeline.Name}: {model.Name} {model.Version} (release {model.Release}) on {classifier.Provider}, {sources[i].Count} images");
        }
    }

    private static void RunAll(List<ImagePipeline> pipelines, CancellationToken stop)
    {
        var threads = new List<Thread>();
        foreach (ImagePipeline pipeline in pipelines)
        {
            var thread = new Thread(() => pipeline.Run(stop)) { IsBackground = true, Name = pipeline.Name };
            threads.Add(thread);
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            while (!thread.Join(TimeSpan.FromMilliseconds(200)))
            {
                if (stop.IsCancellationRequested && !thread.Join(StopPatience))
                {
                    throw new TimeoutException($"pipeline {thread.Name} did not stop within {StopPatience.TotalSeconds} s");
                }
            }
        }
    }

    private static void Report(RuntimeConfig config, MqttLink link, FirstResult firstResult, List<ImagePipeline> pipelines, string? statsPath)
    {
        var reports = new List<PipelineReport>();
        foreach (ImagePipeline pipeline in pipelines)
        {
            PipelineReport report = pipeline.Report();
            reports.Add(report);
            Log.Info(RunReportText.Line(report));
        }
        var run = new RunReport
        {
            Device = config.Device,
            Version = Product.Version,
            Engine = Product.Engine,
            FirstResultMs = firstResult.Milliseconds,
            RssMB = Math.Round(ProcessFacts.ResidentMegabytes, 1),
            PeakRssMB = Math.Round(ProcessFacts.PeakResidentMegabytes, 1),
            Mqtt = link.Counters,
            Pipelines = reports,
        };
        Log.Info(RunReportText.Line(run));
        if (statsPath is not null)
        {
            RunReportText.Write(run, statsPath);
        }
    }
}
