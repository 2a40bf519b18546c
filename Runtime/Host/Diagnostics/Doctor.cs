using System.Runtime.InteropServices;
using System.Text.Json;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Service;
using Edge.Runtime.Sources;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Diagnostics;

/// <summary>The work of <c>doctor</c>.</summary>
internal static class Doctor
{
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(5);

    /// <summary>Looks at the machine, and at what a configuration names.</summary>
    /// <param name="configPath">The configuration, or null.</param>
    /// <param name="json">Whether to print JSON.</param>
    /// <returns>0 if everything that is needed works, otherwise 1.</returns>
    /// <exception cref="ConfigException">The configuration itself is wrong.</exception>
    internal static int Run(string? configPath, bool json)
    {
        RuntimeConfig? config = configPath is null ? null : ConfigFile.Load(configPath);
        var checks = new List<DoctorCheck>();
        EngineChecks.Add(checks);
        checks.Add(LibraryCheck("JPEG library", ImageLibrary.TurboJpeg.FileName, ImageLibrary.TurboJpeg.Package));
        checks.Add(LibraryCheck("PNG library", ImageLibrary.Png.FileName, ImageLibrary.Png.Package));
        // Signatures and hashes: .NET ends the process where this one is missing.
        checks.Add(LibraryCheck("signatures", "libssl.so.3", "libssl3"));
        checks.Add(Check("mqtt library", needed: true, () => $"libmosquitto {MqttLibrary.Version}, {ProcessFacts.LibraryPath("libmosquitto") ?? MqttLibrary.FileName}"));
        checks.Add(new DoctorCheck("processor", true, Needed: false, Processor.Describe()));
        if (config is not null)
        {
            AddConfig(checks, config);
        }
        var report = new DoctorReport { Version = Product.Version, Ok = checks.TrueForAll(check => check.Ok || !check.Needed), Checks = checks };
        Print(report, json);
        return report.Ok ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Turns what a look returns, or the exception that it throws, into a check.</summary>
    internal static DoctorCheck Check(string name, bool needed, Func<string> look)
    {
        try
        {
            return new DoctorCheck(name, Ok: true, needed, look());
        }
        catch (Exception e) when (e is InputException or IOException or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return new DoctorCheck(name, Ok: false, needed, Log.OneLine(e is InputException ? e.Message : (e.InnerException ?? e).Message));
        }
    }

    private static DoctorCheck LibraryCheck(string name, string file, string package)
    {
        // Looked up while it is loaded, so that the kernel can say which file it is.
        bool present = NativeLibrary.TryLoad(file, out nint handle);
        string detail = present ? ProcessFacts.LibraryPath(file.Split('.')[0]) ?? file : $"{file} is missing: apt-get install {package}";
        if (present)
        {
            NativeLibrary.Free(handle);
        }
        return new DoctorCheck(name, present, Needed: true, detail);
    }

    private static void AddConfig(List<DoctorCheck> checks, RuntimeConfig config)
    {
        foreach (string key in config.TrustedKeys)
        {
            checks.Add(Check("trusted key", needed: true, () => $"{key} ({VerifyingKey.Load(key).Fingerprint})"));
        }
        foreach (PipelineConfig pipeline in config.Pipelines)
        {
            checks.Add(Check($"package of {pipeline.Name}", needed: true, () =>
            {
                Package package = Package.Open(pipeline.Package, PackageTrust.Load([.. config.TrustedKeys]));
                return $"{package.Manifest.Name} {package.Manifest.Version} (release {package.Manifest.Release}), signed by {package.SignedBy!.Name}";
            }));
            checks.Add(Check($"source of {pipeline.Name}", needed: true, () => LookAt(pipeline.Source)));
        }
        if (config.Broker is { } broker)
        {
            checks.Add(Check("broker", needed: true, () => Connect(MqttLink.Options(config, broker))));
        }
    }

    /// <summary>Opens a source, and where that takes nothing away from anybody waits for its first frame.</summary>
    private static string LookAt(SourceConfig config)
    {
        if (config.Type is SourceConfig.Stdin or SourceConfig.Raw)
        {
            return config.Type == SourceConfig.Stdin || File.Exists(config.Path)
                ? FrameSources.Describe(config)
                : throw new SourceException($"{config.Path}: there is no such file or pipe: check the path");
        }
        using var stop = new CancellationTokenSource();
        using IFrameSource source = FrameSources.Open(config, stop.Token);
        if (source is ImageListSource list)
        {
            return $"{list.Count} images in {FrameSources.Describe(config)}";
        }
        using var frame = new Frame();
        source.Next(frame, new Pulse("doctor"), stop.Token);
        return $"{FrameSources.Describe(config)} sends frames of {frame.Length} bytes";
    }

    private static string Connect(MqttClientOptions options)
    {
        // A name of its own, so that a runtime that is connected stays so.
        using var client = new MqttClient(options with { ClientId = $"{options.ClientId}-doctor" });
        using var answered = new ManualResetEventSlim();
        string reason = "no answer";
        client.StateChanged += (_, e) =>
        {
            if (e.State is MqttState.Connected or MqttState.Waiting)
            {
                reason = e.Reason;
                answered.Set();
            }
        };
        client.Start();
        bool connected = answered.Wait(BrokerPatience) && client.State == MqttState.Connected;
        client.Dispose();
        return connected
            ? $"{options.Host}:{options.Port} takes the connection"
            : throw new MqttException($"{options.Host}:{options.Port}: {reason}: is the broker running, and are host, port and user right?");
    }

    private static void Print(DoctorReport report, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJsonContext.Default.DoctorReport));
            return;
        }
        Console.Out.WriteLine($"edge-runtime {report.Version}");
        foreach (DoctorCheck check in report.Checks)
        {
            Console.Out.WriteLine($"{(check.Ok ? "ok     " : check.Needed ? "broken " : "absent ")} {check.Name}: {check.Detail}");
        }
    }
}
