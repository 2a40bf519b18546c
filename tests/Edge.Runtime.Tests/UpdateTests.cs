using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>A real edge-runtime follows its desired state over a real broker.</summary>
public sealed class UpdateTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestModel _model = new();
    private readonly MosquittoBroker _broker = MosquittoBroker.StartNew("allow_anonymous true");
    private readonly SigningKey _fleetKey = SigningKey.Generate();
    private readonly MqttClient _client;
    private readonly MqttSubscription _reported;
    private ReportedState? _latest;

    public UpdateTests()
    {
        _fleetKey.Save(_model.Folder["fleet.key"]);
        _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = _broker.Port, ClientId = "operator" });
        _client.Start();
        _reported = _client.Subscribe("edge/kitchen/update/reported", MqttQos.AtLeastOnce, 1000);
    }

    [Fact]
    public async Task Desired_NewRelease_IsFetchedTriedAndKept()
    {
        using RuntimeProcess process = await StartAsync();
        string next = _model.WritePackage("next", release: 13, goldenOffset: 0);
        await AskAsync(next, 1);
        await WaitAsync(p => p.Phase == UpdatePhase.Committed && p.Running?.Release == 13);
        Assert.Null(_latest!.Refused);
        process.Signal("TERM");
        Assert.Equal(0, process.WaitForExit());
        Assert.Equal(File.ReadAllBytes(next), File.ReadAllBytes(Slot("a")));
        // The next start loads what was kept, without a word from anybody.
        using RuntimeProcess again = await StartAsync();
        again.WaitForLog("brightness 1.3.0 (release 13)");
    }

    [Fact]
    public async Task Desired_ReleaseWithAWrongGoldenOutput_IsRefusedAndNotFetchedAgain()
    {
        using RuntimeProcess process = await StartAsync();
        await AskAsync(_model.WritePackage("wrong", release: 13, goldenOffset: 1), 1);
        await WaitAsync(p => p.Phase == UpdatePhase.Failed);
        PackageReport report = _latest!.Packages[0];
        Assert.Contains("golden input", report.Error, StringComparison.Ordinal);
        Assert.Equal(12, report.Running?.Release);
        await AskAsync(_model.Folder["wrong.edgepkg"], 2);
        await WaitAsync(p => p.Phase == UpdatePhase.Failed && _latest!.Counter == 2);
        Assert.Equal(0, _latest!.Packages[0].BytesFetched);
        Assert.DoesNotContain("unexpected", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Desired_ReleaseThatFailsOnLiveFrames_IsTakenBack()
    {
        File.WriteAllBytes(Path.Combine(_model.WriteImages("images", 9), "white.png"), TestModel.Image(255));
        using RuntimeProcess process = await StartAsync();
        // It stands its golden inputs, and fails on the white pictures of the source.
        await AskAsync(_model.WritePackage("fragile", release: 13, fragile: true), 1, new TrialSpec { Seconds = 600 });
        await WaitAsync(p => p.Phase == UpdatePhase.RolledBack);
        Assert.Contains("the model failed on", _latest!.Packages[0].Error, StringComparison.Ordinal);
        await WaitAsync(p => p.Running?.Release == 12);
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task Desired_ReleaseThatSeesTheSameOnLiveFrames_IsKept()
    {
        using RuntimeProcess process = await StartAsync();
        await AskAsync(_model.WritePackage("next", release: 13), 1, new TrialSpec { Seconds = 0.2, CompareFrames = 5, MinimumAgreement = 1, MaximumInferRatio = 1e6 });
        await WaitAsync(p => p.Phase == UpdatePhase.Committed && p.Running?.Release == 13);
    }

    [Fact]
    public async Task Desired_ReleaseThatSeesSomethingElseOnLiveFrames_IsRefusedBeforeItRuns()
    {
        using RuntimeProcess process = await StartAsync();
        await AskAsync(_model.WritePackage("other", release: 13, labels: ["mid", "bright", "dark"]), 1, new TrialSpec { Seconds = 0.2, CompareFrames = 6, MinimumAgreement = 0.5 });
        await WaitAsync(p => p.Phase == UpdatePhase.Failed);
        Assert.Contains("on 6 live frames the model agrees with the running one by 0 %, at least 50 % are asked for", _latest!.Packages[0].Error, StringComparison.Ordinal);
        Assert.Equal(12, _latest.Packages[0].Running?.Release);
    }

    [Fact]
    public async Task Desired_ReleaseThatFailsOnLiveFramesBesideTheRunningOne_IsRefusedBeforeItRuns()
    {
        File.WriteAllBytes(Path.Combine(_model.WriteImages("images", 9), "white.png"), TestModel.Image(255));
        using RuntimeProcess process = await StartAsync();
        await AskAsync(_model.WritePackage("fragile", release: 13, fragile: true), 1, new TrialSpec { Seconds = 600, CompareFrames = 1000 });
        await WaitAsync(p => p.Phase == UpdatePhase.Failed);
        Assert.Contains("the model fails on live frames", _latest!.Packages[0].Error, StringComparison.Ordinal);
        Assert.Equal(12, _latest.Packages[0].Running?.Release);
    }

    public void Dispose()
    {
        _client.Dispose();
        _broker.Dispose();
        _fleetKey.Dispose();
        _model.Dispose();
    }

    private string Slot(string name) => _model.Folder[$"updates/brightness/{name}.edgepkg"];

    private async Task<RuntimeProcess> StartAsync()
    {
        string images = Directory.Exists(_model.Folder["images"]) ? _model.Folder["images"] : _model.WriteImages("images", 9);
        string config = _model.WriteConfig(_broker.Port, images, ", \"loop\": true, \"framesPerSecond\": 20");
        string text = await File.ReadAllTextAsync(config);
        await File.WriteAllTextAsync(config, text.Replace("\"pipelines\"", "\"update\": { \"folder\": \"updates\", \"fleetKeys\": [\"fleet.key.pub\"] }, \"pipelines\"", StringComparison.Ordinal));
        RuntimeProcess process = RuntimeProcess.Start("run", "--config", config);
        await WaitAsync(p => p.Running is not null);
        return process;
    }

    private async Task AskAsync(string package, long counter, TrialSpec? trial = null)
    {
        PublishedRelease release = PublishedRelease.Open(package, PackageTrust.Load(_model.Folder["maker.key.pub"]));
        await new BlobPublisher(_client, "edge").PublishAsync(release.Blobs, null, CancellationToken.None);
        var state = new DesiredState { Root = "edge", Device = "kitchen", Counter = counter, Releases = [release.Release with { Trial = trial ?? new TrialSpec { Seconds = 0.2, MaximumInferMs = 10_000 } }] };
        DesiredMessage message = DesiredSigner.Sign(state, _fleetKey);
        Assert.Equal(MqttPublishResult.Queued, _client.TryPublish(new MqttTopic("edge/kitchen/update/desired"), message.ToUtf8(), retain: true));
    }

    private async Task WaitAsync(Func<PackageReport, bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (_latest is null || _latest.Packages.Count == 0 || !condition(_latest.Packages[0]))
            {
                _latest = ReportedState.Parse((await _reported.Messages.ReadAsync(limit.Token)).Payload.Span);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the device never came so far in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s: {System.Text.Encoding.UTF8.GetString(_latest?.ToUtf8() ?? [])}");
        }
    }
}
