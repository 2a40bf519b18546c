using System.Diagnostics;

namespace Edge.VirtualBoard.Tests;

/// <summary>What goes wrong in the field: a camera's driver fails, its plug is pulled, the network goes. Each is reported and overcome.</summary>
[Collection(nameof(BoardCollection))]
public sealed class FaultTests(Board board)
{
    private const string Vivid = "modprobe -r vivid 2> /dev/null; modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0 vid_cap_nr=0 multiplanar=1";
    private const string Source = """{ "type": "camera", "camera": "vivid", "format": "yuyv", "width": 320, "height": 180, "framesPerSecond": 5 }""";

    [Fact]
    public void Camera_FatalStreamingError_IsReportedAndOvercome()
    {
        board.Shell.Run(Vivid);
        using BoardRun run = board.Start("fatal", CameraTests.Pipeline("cam", Source));
        run.WaitForMore("cam/result", 3);
        board.Shell.Run("control /dev/video0 inject_fatal_streaming_error 1");
        run.WaitFor("health", messages => messages[^1].GetRawText().Contains("streaming broke off", StringComparison.Ordinal), "the failure in health");
        run.WaitForMore("cam/result", 3);
        Assert.Contains("streaming broke off (Input/output error)", run.Log, StringComparison.Ordinal);
        Assert.Contains("open again", run.Log, StringComparison.Ordinal);
        run.Stop();
    }

    [Fact]
    public void Camera_UnpluggedAndPluggedIn_IsReportedAndOvercome()
    {
        board.Shell.Run(Vivid);
        using BoardRun run = board.Start("unplug", CameraTests.Pipeline("cam", Source));
        run.WaitForMore("cam/result", 3);
        board.Shell.Run("control /dev/video0 disconnect 1");
        run.WaitFor("health", messages => messages[^1].GetRawText().Contains("it was unplugged", StringComparison.Ordinal), "the failure in health");
        // The driver plugs the camera in again as soon as nobody holds the old one any more.
        run.WaitForMore("cam/result", 3);
        Assert.Contains("reconnect", board.Shell.Run("dmesg | grep vivid"), StringComparison.Ordinal);
        run.Stop();
    }

    [Fact]
    public void Network_DownAndUp_ResultsComeAgain()
    {
        board.Shell.Run(Vivid);
        using BoardRun run = board.Start("link", CameraTests.Pipeline("cam", Source));
        run.WaitForMore("cam/result", 3);
        board.Machine.SetLink(up: false);
        try
        {
            // The broker misses the board's sign of life and says so in the board's name.
            run.WaitFor("status", messages => messages[^1].GetProperty("status").GetString() == "offline", "the last will");
        }
        finally
        {
            board.Machine.SetLink(up: true);
        }
        run.WaitFor("status", messages => messages[^1].GetProperty("status").GetString() == "online", "online again");
        run.WaitForMore("cam/result", 3);
        run.Stop();
    }

    [Fact]
    public void Network_EveryPacket_GoesToTheBrokerOnly()
    {
        board.Shell.Run(Vivid);
        using BoardRun run = board.Start("packets", CameraTests.Pipeline("cam", Source));
        bool isLong = Environment.GetEnvironmentVariable("EDGE_BOARD_LONG") == "1";
        long begun = Stopwatch.GetTimestamp();
        do
        {
            run.WaitForMore("cam/result", 10);
        }
        while (isLong && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(10));
        run.Stop();
        (int toBroker, List<string> elsewhere) = PacketRecord.Sent(board.Capture);
        Assert.True(toBroker > 10, $"{toBroker} packets to the broker");
        Assert.Empty(elsewhere);
    }
}
