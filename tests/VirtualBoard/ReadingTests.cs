using System.Globalization;
using System.Text.Json;

namespace Edge.VirtualBoard.Tests;

/// <summary>Sensors and lines of the board in a pipeline of edge-runtime: what they say arrives at the broker.</summary>
[Collection(nameof(BoardCollection))]
public sealed class ReadingTests(Board board)
{
    private const string Pipelines = """
        [{
          "name": "air", "package": "/app/warm.edgepkg",
          "source": {
            "type": "sensors", "intervalSeconds": 0.5, "maximumAgeSeconds": 5,
            "sensors": [{ "kind": "bme280", "place": "BUS:0x76", "columns": { "temperature": "Temperature", "humidity": "Humidity" } }]
          }
        }]
        """;

    [Fact]
    public void Bme280_InAPipeline_ReadingsAndClassesArriveAtTheBroker()
    {
        Chips.FillBme280(board.Shell);
        using BoardRun run = board.Start("air", Pipelines.Replace("BUS", Chips.Bus(board.Shell), StringComparison.Ordinal));
        List<JsonElement> results = run.WaitForMore("air/result", 3);
        Assert.All(results, result => Assert.Equal(("warm", 25.08), (CameraTests.Label(result), Temperature(result))));
        // Nobody acknowledges anything: the pipeline waits, health says why, and it goes on by itself.
        board.Shell.Run($"echo -1 > {Chips.Faults}/nack");
        run.WaitFor("health", messages => messages[^1].GetProperty("problems").GetArrayLength() > 0, "the failure in health");
        board.Shell.Run($"echo 0 > {Chips.Faults}/nack");
        run.WaitForMore("air/result", 3);
        run.WaitFor("health", messages => messages[^1].GetProperty("problems").GetArrayLength() == 0, "health without problems");
        run.Stop();
    }

    [Fact]
    public void Lines_InputAndOutput_EdgesArriveWithTheKernelsTimesAndCommandsAreObeyed()
    {
        string lines = Chips.MakeLines(board.Shell);
        const string Gpio = """ "gpio": [{ "name": "pir", "chip": "gpiochip0", "line": "PIR" }, { "name": "relay", "chip": "gpiochip0", "line": "RELAY", "direction": "output" }], """;
        using BoardRun run = board.Start("lines", CameraTests.Pipeline("still", """{ "type": "folder", "path": "/app", "loop": true, "framesPerSecond": 1 }"""), Gpio);
        run.WaitFor("pir/state", messages => messages[^1].GetProperty("active").ValueKind == JsonValueKind.False, "the input's level");
        double before = Uptime();
        foreach (string pull in new[] { "pull-up", "pull-down", "pull-up", "pull-down" })
        {
            board.Shell.Run($"echo {pull} > {lines}/sim_gpio0/pull");
        }
        List<JsonElement> edges = run.WaitFor("pir/event", messages => messages.Count == 4, "four edges");
        double after = Uptime();
        Assert.Equal([true, false, true, false], edges.Select(edge => edge.GetProperty("active").GetBoolean()));
        Assert.Equal([1, 2, 3, 4], edges.Select(edge => edge.GetProperty("sequence").GetInt32()));
        double[] times = [before, .. edges.Select(edge => edge.GetProperty("nanoseconds").GetDouble() / 1e9), after + 0.01];
        Assert.Equal(times.Order(), times);
        board.Send("edge/lines/relay/set", "on");
        run.WaitFor("relay/state", messages => messages[^1].GetProperty("active").ValueKind == JsonValueKind.True, "the output's level");
        Assert.Equal("1", board.Shell.Run($"cat {lines}/sim_gpio1/value"));
        run.Stop();
    }

    /// <summary>Seconds of the monotonic clock, cut to hundredths.</summary>
    private double Uptime() => double.Parse(board.Shell.Run("cut -d' ' -f1 /proc/uptime"), CultureInfo.InvariantCulture);

    private static double Temperature(JsonElement result) => result.GetProperty("readings").GetProperty("Temperature").GetDouble();
}
