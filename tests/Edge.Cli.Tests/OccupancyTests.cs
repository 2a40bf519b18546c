using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>
/// Is the room occupied? From a recipe to what a subscriber of the broker receives: trained, quantized, packaged, and the test
/// readings replayed through a real edge-runtime.
/// </summary>
public sealed class OccupancyTests
{
    [Fact]
    public async Task Occupancy_TrainedAndReplayed_SubscriberCountsTheOfflineAccuracy()
    {
        string training = SharedData.Path("data", "occupancy", "datatraining.txt");
        string test = SharedData.Path("data", "occupancy", "datatest.txt");
        using var folder = new TemporaryFolder();
        string recipe = folder["occupancy.yaml"];
        string shipped = File.ReadAllText(Path.Combine(Repository.Root, "recipes", "occupancy.yaml"));
        File.WriteAllText(recipe, shipped.Replace("../shared/data/data/occupancy/datatraining.txt", training, StringComparison.Ordinal).Replace("../shared/data/data/occupancy/datatest.txt", test, StringComparison.Ordinal));
        await DoAsync("train", recipe, "-o", folder["m.onnx"]);
        await DoAsync("keygen", folder["maker.key"]);
        await DoAsync("package", folder["m.onnx"], "--key", folder["maker.key"], "--name", "occupancy", "-o", folder["m.edgepkg"]);
        SensorSpec spec = Package.Open(folder["m.edgepkg"], PackageTrust.AllowUnsigned).Manifest.Sensor!;
        Assert.Equal((10, 120.0), (spec.Window, spec.MaximumGapSeconds));
        using JsonDocument report = JsonDocument.Parse(await DoAsync("quantize", folder["m.onnx"], "--calib", training, "--eval", test, "-o", folder["m8.onnx"], "--json"));
        Assert.Equal("accuracy", report.RootElement.GetProperty("metric").GetString());
        Assert.InRange(report.RootElement.GetProperty("drop").GetDouble(), -0.005, 0.005);
        Assert.InRange(report.RootElement.GetProperty("bytesRatio").GetDouble(), 0, 0.75);
        await DoAsync("package", folder["m8.onnx"], "--key", folder["maker.key"], "--name", "occupancy", "--version", "1.1.0", "--release", "2", "-o", folder["m8.edgepkg"]);

        string[] labels = [.. File.ReadLines(test).Skip(1).Select(line => line.Split(',')[^1])];
        foreach (string model in (string[])["m", "m8"])
        {
            using JsonDocument offline = JsonDocument.Parse(await DoAsync("eval", folder[$"{model}.onnx"], "--data", recipe, "--json"));
            SensorResult[] received = Replay(folder, $"{model}.edgepkg", test);
            Assert.Equal(offline.RootElement.GetProperty("samples").GetInt32(), received.Length);
            double accuracy = received.Count(result => result.Classes![0].Label == labels[result.Sequence - 1]) / (double)received.Length;
            Assert.Equal(offline.RootElement.GetProperty("accuracy").GetDouble(), accuracy, 12);
            TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{(model == "m" ? "float" : "int8")}: accuracy {accuracy:0.00000} counted from {received.Length} results that mosquitto_sub received, {offline.RootElement.GetProperty("accuracy").GetDouble():0.00000} offline"));
            Assert.InRange(accuracy, 0.95, 1);
            // What holds changes less often than the best class of each window.
            Assert.InRange(Changes([.. received.Where(result => result.State is not null)], result => result.State!.Index), 0, Changes(received, result => result.Classes![0].Index));
            Assert.Equal(24.408333f, received[^1].Readings["Temperature"]);
            Assert.Equal(new DateTimeOffset(2015, 2, 4, 10, 43, 0, TimeSpan.Zero), received[^1].ReadingTime);
        }
    }

    private static int Changes(SensorResult[] results, Func<SensorResult, int> value) => results.Zip(results.Skip(1)).Count(pair => value(pair.First) != value(pair.Second));

    private static SensorResult[] Replay(TemporaryFolder folder, string package, string table)
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = folder["edge-runtime.json"];
        File.WriteAllText(config, $$"""
            {
              "device": "room",
              "broker": { "host": "127.0.0.1", "port": {{broker.Port}} },
              "trustedKeys": ["maker.key.pub"],
              "pipelines": [{ "name": "occupancy", "package": "{{package}}", "source": { "type": "csv", "path": "{{table}}" }, "readings": { "hysteresis": 0.2, "minimumSeconds": 120 } }]
            }
            """);
        using Process subscriber = broker.StartSubscriber("-t", "edge/room/occupancy/result", "-t", "edge/room/status", "-q", "1");
        var lines = new List<string>();
        using var offline = new ManualResetEventSlim();
        subscriber.OutputDataReceived += (_, e) =>
        {
            lines.Add(e.Data ?? "");
            if (e.Data?.Contains("\"offline\"", StringComparison.Ordinal) == true)
            {
                offline.Set();
            }
        };
        subscriber.BeginOutputReadLine();
        broker.WaitForLog("Sending SUBACK");
        string stats = folder["stats.json"];
        (int exitCode, string errors) = RunRuntime("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        Assert.True(offline.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), errors);
        subscriber.Kill();
        subscriber.WaitForExit();
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        Assert.Equal(0, json.RootElement.GetProperty("pipelines")[0].GetProperty("allocatedBytesPerFrame").GetDouble(), 1.0);
        return [.. lines.Where(line => line.StartsWith("{\"pipeline\"", StringComparison.Ordinal)).Select(line => SensorResult.Parse(Encoding.UTF8.GetBytes(line)))];
    }

    private static (int ExitCode, string Errors) RunRuntime(params string[] arguments)
    {
        string? native = Environment.GetEnvironmentVariable("EDGE_RUNTIME");
        string[] all = native is null ? [Path.Combine(AppContext.BaseDirectory, "edge-runtime.dll"), .. arguments] : arguments;
        using Process process = Process.Start(new ProcessStartInfo(native ?? "dotnet", all) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    private static async Task<string> DoAsync(params string[] arguments)
    {
        CommandResult result = await EdgeCommand.RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
