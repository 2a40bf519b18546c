using System.Diagnostics;
using System.Text.Json;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>A real edge-runtime with a spool, whose broker is away.</summary>
public sealed class SpoolRunTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    [Fact]
    public void Run_BrokerAwayAllTheTime_NextRunDeliversEveryResultInOrder()
    {
        const int Images = 200;
        TestModel model = fixture.Model;
        using MosquittoBroker broker = new();
        string config = model.WriteConfig(broker.Port, model.WriteImages("spooled", Images));
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"trustedKeys\"", "\"spool\": { \"path\": \"results.spool\" }, \"trustedKeys\"", StringComparison.Ordinal));
        (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("results are kept until it stands", errors, StringComparison.Ordinal);
        broker.Start();
        using Process subscriber = broker.StartSubscriber("-t", "edge/kitchen/light/result", "-q", "1", "-C", $"{2 * Images}", "-W", "60");
        broker.WaitForLog("Sending SUBACK");
        (exitCode, _, errors) = RuntimeProcess.Run("run", "--config", config);
        Assert.True(exitCode == 0, errors);
        string[] lines = subscriber.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 * Images, lines.Length);
        var numbers = new List<long>();
        var boots = new List<string>();
        foreach (string line in lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement delivery = json.RootElement.GetProperty("delivery");
            numbers.Add(delivery.GetProperty("number").GetInt64());
            boots.Add(delivery.GetProperty("boot").GetString()!);
        }
        // The second run goes on where the first ended, behind what that left.
        Assert.Equal(Enumerable.Range(1, 2 * Images).Select(i => (long)i), numbers);
        Assert.Equal(2, boots.Distinct().Count());
        Assert.Equal(boots[0], boots[Images - 1]);
    }
}
