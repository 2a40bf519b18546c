using System.Text.Json;

namespace Edge.VirtualBoard.Tests;

/// <summary>Cameras of the kernel's own virtual driver (vivid) and of v4l2loopback, looked at by edge-runtime, results at a broker.</summary>
[Collection(nameof(BoardCollection))]
public sealed class CameraTests(Board board)
{
    private const string Vivid = "modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0 vid_cap_nr=0 multiplanar=1";
    private const string Loopback = "modprobe v4l2loopback video_nr=9 card_label=Loopback exclusive_caps=1";

    [Theory]
    [InlineData("yuyv")]
    [InlineData("nv12")]
    [InlineData("grey")]
    [InlineData("rgb")]
    public void Camera_RawFormat_ResultsArriveAtTheBroker(string format)
    {
        board.Shell.Run(Vivid);
        using BoardRun run = board.Start(format, Pipeline("cam", $$"""{ "type": "camera", "camera": "/dev/video0", "format": "{{format}}", "width": 320, "height": 180, "controls": { "test_pattern": 5, "osd_text_mode": 2 } }"""));
        List<JsonElement> dark = run.WaitForMore("cam/result", 15);
        Assert.All(dark.Skip(1), result => Assert.Equal("dark", Label(result)));
        board.Shell.Run("control /dev/video0 test_pattern 6");
        run.WaitFor("cam/result", results => Label(results[^1]) == "bright", "a bright picture");
        // Allocations are counted behind the first fifty frames.
        List<JsonElement> all = run.WaitForMore("cam/result", 60);
        Assert.All(all, result => Assert.Equal("bright", Label(result)));
        JsonElement report = run.Stop();
        JsonElement pipeline = report.GetProperty("pipelines")[0];
        Assert.Equal(0, pipeline.GetProperty("allocatedBytesPerFrame").GetDouble());
    }

    [Fact]
    public void Camera_Mjpeg_ResultsArriveAtTheBroker()
    {
        board.Shell.Run(Loopback);
        using BoardRun run = board.Start("mjpeg", Pipeline("cam", """{ "type": "camera", "camera": "Loopback", "format": "jpeg" }"""));
        // Nobody shows a picture yet: the camera is none, and that is said and tried again.
        run.WaitFor("health", messages => messages.Count > 0, "health");
        board.Shell.Run("feed /dev/video9 640 480 50 /app/dark.jpg /app/dark.jpg /app/bright.jpg > /dev/null 2>&1 &");
        List<JsonElement> results = run.WaitForMore("cam/result", 30);
        Assert.Contains(results, result => Label(result) == "dark");
        Assert.Contains(results, result => Label(result) == "bright");
        run.Stop();
        board.Shell.Run("kill $(pidof feed); true");
    }

    internal static string Pipeline(string name, string source) =>
        $$"""[{ "name": "{{name}}", "package": "/app/brightness.edgepkg", "source": {{source}} }]""";

    internal static string Label(JsonElement result) => result.GetProperty("classes")[0].GetProperty("label").GetString()!;
}
