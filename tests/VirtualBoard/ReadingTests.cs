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

    private static double Temperature(JsonElement result) => result.GetProperty("readings").GetProperty("Temperature").GetDouble();
}
