using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Foundation;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>
/// Hostile messages over a real broker on every topic that a running edge-runtime subscribes: it obeys or says one line, and goes on.
/// `make fuzz-runtime` sends 100,000.
/// </summary>
public sealed partial class CommandFuzzTests : IDisposable
{
    /// <summary>Fewer than a subscription holds, so that none is dropped unread.</summary>
    private const int Batch = 40;

    private const int DefaultCases = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestModel _model = new();
    private readonly MosquittoBroker _broker = MosquittoBroker.StartNew("allow_anonymous true\nlog_type error\nmax_queued_messages 0");
    private readonly SigningKey _fleetKey = SigningKey.Generate();
    private readonly MqttClient _client;

    public CommandFuzzTests()
    {
        _fleetKey.Save(_model.Folder["fleet.key"]);
        _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = _broker.Port, ClientId = "foe" });
        _client.Start();
    }

    [Fact]
    public void Messages_DamagedOnEverySubscribedTopic_AreObeyedOrRefusedInOneLine()
    {
        int cases = Environment.GetEnvironmentVariable("EDGE_FUZZ_CASES") is null ? DefaultCases : FuzzTests.Cases;
        string config = _model.WriteConfig(_broker.Port, _model.WriteImages("images", 9), ", \"loop\": true, \"framesPerSecond\": 20");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"pipelines\"", """
            "update": { "folder": "updates", "fleetKeys": ["fleet.key.pub"] },
            "gpio": [{ "name": "lamp", "chip": "gpiochip99", "line": "1", "direction": "output" }], "pipelines"
            """, StringComparison.Ordinal));
        using MqttSubscription states = _client.Subscribe("edge/kitchen/light/state", MqttQos.AtLeastOnce, 10_000);
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        Wait.Until(() => states.Messages.TryRead(out _), Patience, () => $"edge-runtime says nothing: {runtime.Errors}");
        (string Topic, byte[][] Seeds)[] targets = [.. Targets()];
        // A release of which nothing comes keeps the device listening for its pieces.
        Publish("edge/kitchen/update/desired", targets.Single(target => target.Topic == "edge/kitchen/update/desired").Seeds[0]);
        double before = runtime.ResidentMegabytes;
        int sent = 0;
        for (int batch = 0; sent < cases; batch++)
        {
            for (int i = 0; i < Batch && sent < cases; i++, sent++)
            {
                var random = new Random((int)SplitMix64.Mix(FuzzTests.Seed, (ulong)sent));
                (string topic, byte[][] seeds) = targets[random.Next(targets.Length)];
                byte[] payload = sent % 997 == 0 ? new byte[random.Next(250_000, 400_000)] : FuzzTests.Damage.Mutate(seeds[random.Next(seeds.Length)], random);
                Publish(topic, payload);
            }
            // Whatever came, the next good command is obeyed.
            double threshold = Math.Round((batch % 9999 + 1) / 10_000.0, 4);
            Publish("edge/kitchen/light/set", Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{ "threshold": {{threshold}} }""")));
            Wait.Until(() => Answer(states) == threshold, Patience, () => $"edge-runtime no longer obeys after message {sent} (seed {FuzzTests.Seed}): {Tail(runtime)}");
        }
        Assert.False(runtime.HasExited, Tail(runtime));
        double after = runtime.ResidentMegabytes;
        Assert.True(after < (before * 1.5) + 60, $"{before:0} MB before, {after:0} MB after {sent} messages");
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, Tail(runtime));
        Assert.DoesNotContain("unexpected", runtime.Errors, StringComparison.Ordinal);
        string[] lines = runtime.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(LogLine(), line));
        TestContext.Current.SendDiagnosticMessage($"{sent} messages, {lines.Length} log lines, {before:0.0} MB before, {after:0.0} MB after");
    }

    public void Dispose()
    {
        _client.Dispose();
        _broker.Dispose();
        _fleetKey.Dispose();
        _model.Dispose();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z (debug|info|warning|error) [^\p{Cc}]*$")]
    private static partial Regex LogLine();

    private static string Tail(RuntimeProcess runtime) => string.Join('\n', runtime.Errors.Split('\n').TakeLast(10));

    private static double? Answer(MqttSubscription states)
    {
        double? threshold = null;
        while (states.Messages.TryRead(out MqttMessage? message))
        {
            threshold = message.Payload.IsEmpty ? threshold : PipelineStateMessage.Parse(message.Payload.Span).Threshold;
        }
        return threshold;
    }

    private IEnumerable<(string Topic, byte[][] Seeds)> Targets()
    {
        string next = _model.WritePackage("next", release: 13, goldenOffset: 0);
        PublishedRelease release = PublishedRelease.Open(next, PackageTrust.Load(_model.Folder["maker.key.pub"]));
        var desired = new DesiredState { Root = "edge", Device = "kitchen", Counter = 1, Releases = [release.Release] };
        byte[][] commands =
        [
            "enable"u8.ToArray(), "reload"u8.ToArray(), """{ "enabled": true, "threshold": 0.25, "reload": false }"""u8.ToArray(),
            Encoding.UTF8.GetBytes($$"""{ "model": "{{Path.GetFileName(next)}}" }"""), """{ "model": "../../secret.edgepkg" }"""u8.ToArray(),
        ];
        yield return ("edge/kitchen/light/set", commands);
        yield return ("edge/kitchen/lamp/set", ["on"u8.ToArray(), "off"u8.ToArray(), """{ "active": true }"""u8.ToArray()]);
        yield return ("edge/kitchen/nobody\u00fc \ud83d\ude00/set", commands);
        yield return ("edge/kitchen/update/set", commands);
        yield return ("edge/kitchen/update/desired", [DesiredSigner.Sign(desired, _fleetKey).ToUtf8()]);
        foreach (string blob in release.Blobs.Keys)
        {
            yield return (Topics.Blob("edge", blob), [new byte[100], Enumerable.Repeat((byte)7, 5000).ToArray()]);
        }
    }

    private void Publish(string topic, byte[] payload)
    {
        var name = new MqttTopic(topic);
        MqttPublishResult result;
        while ((result = _client.TryPublish(name, payload)) is MqttPublishResult.QueueFull or MqttPublishResult.NotConnected)
        {
            Assert.True(_client.WaitForRoom(Patience) || _client.State != MqttState.Closed, "the broker is gone");
        }
        Assert.Equal(MqttPublishResult.Queued, result);
    }
}
