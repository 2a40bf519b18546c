using System.Globalization;
using System.Text.Json;

namespace Edge.VirtualBoard.Tests;

/// <summary>Sensors and lines behind the kernel's own I²C and GPIO interfaces.</summary>
[Collection(nameof(BoardCollection))]
public sealed class SensorTests(Board board)
{
    [Fact]
    public void Bme280_SameRegisters_EqualsTheKernelsDriverToItsLastDigit()
    {
        string bus = Chips.Bus(board.Shell);
        Chips.FillBme280(board.Shell);
        JsonElement ours = Sense("bme280", $"{bus}:0x76").GetProperty("values");
        Assert.Equal(25.08, ours.GetProperty("temperature").GetDouble());
        board.Shell.Run("modprobe bmp280-i2c");
        board.Shell.Run($"echo bme280 0x76 > /sys/bus/i2c/devices/{bus}/new_device");
        string device = "/sys/bus/iio/devices/iio:device0";
        Assert.Equal(Math.Round(ours.GetProperty("temperature").GetDouble() * 1000), Number($"cat {device}/in_temp_input"));
        // Kilopascals with nine decimals, cut off; the hectopascals' 24.8 fixed point has exact decimals up to there.
        decimal pressure = (decimal)ours.GetProperty("pressure").GetDouble() / 10;
        Assert.Equal(Math.Floor(pressure * 1_000_000_000) / 1_000_000_000, decimal.Parse(board.Shell.Run($"cat {device}/in_pressure_input"), CultureInfo.InvariantCulture), 9);
        Assert.Equal(Math.Floor(ours.GetProperty("humidity").GetDouble() * 1000), Number($"cat {device}/in_humidityrelative_input"));
        // What the kernel drives is read by its attributes, and is left alone by doctor.
        JsonElement theirs = Sense("iio", "bme280").GetProperty("values");
        Assert.Equal(25.08, theirs.GetProperty("temperature").GetDouble(), 1e-9);
        Assert.Contains("0x76: held by the kernel's driver bmp280", board.Shell.Run("edge-runtime doctor --hardware"), StringComparison.Ordinal);
        board.Shell.Run($"echo 0x76 > /sys/bus/i2c/devices/{bus}/delete_device");
    }

    [Fact]
    public void Sht3x_RefusalsAndWrongChecksums_AreSaidAndOvercome()
    {
        string bus = Chips.Bus(board.Shell);
        Assert.Equal(25, Sense("sht3x", $"{bus}:0x44").GetProperty("values").GetProperty("temperature").GetDouble(), 1e-9);
        board.Shell.Run($"edge-runtime sense sht3x {bus}:0x44 --count 0 --interval 0.2 --json > /tmp/sense 2>&1 &");
        WaitFor("/tmp/sense", lines => lines.Count >= 3 && IsOk(lines[^1]));
        board.Shell.Run($"echo 2 > {Chips.Faults}/bad_crc");
        WaitFor("/tmp/sense", lines => lines.Count(line => Status(line) == "badChecksum") == 2 && IsOk(lines[^1]));
        // A storm: nobody acknowledges anything, for as long as it lasts.
        board.Shell.Run($"echo -1 > {Chips.Faults}/nack");
        List<JsonElement> storm = WaitFor("/tmp/sense", lines => lines.Count(line => Status(line) == "noAnswer") >= 3);
        // The values of before stay, and say how old they are.
        JsonElement stale = storm[^1];
        Assert.Equal(25, stale.GetProperty("values").GetProperty("temperature").GetDouble(), 1e-9);
        Assert.True(stale.GetProperty("ageSeconds").GetDouble() > 0.3);
        board.Shell.Run($"echo 40000 > {Chips.Faults}/sht_t; echo 0 > {Chips.Faults}/nack");
        List<JsonElement> well = WaitFor("/tmp/sense", lines => IsOk(lines[^1]));
        Assert.Equal(-45 + (175.0 * 40_000 / 65_535), well[^1].GetProperty("values").GetProperty("temperature").GetDouble(), 1e-9);
        board.Shell.Run($"kill -TERM $!; echo 26214 > {Chips.Faults}/sht_t");
    }

    [Fact]
    public void Gpio_EdgesOfAnInput_HaveTheKernelsTimes()
    {
        string line = Chips.MakeLines(board.Shell);
        board.Shell.Run("edge-runtime gpio gpiochip0 PIR > /tmp/edges 2>&1 &");
        WaitFor("/tmp/edges", lines => lines.Count == 1);
        double before = Number("awk '{ print $1 * 1000000000 }' /proc/uptime");
        foreach (string pull in new[] { "pull-up", "pull-down", "pull-up", "pull-down" })
        {
            board.Shell.Run($"echo {pull} > {line}/sim_gpio0/pull");
        }
        List<JsonElement> edges = WaitFor("/tmp/edges", lines => lines.Count == 5);
        double after = Number("awk '{ print $1 * 1000000000 }' /proc/uptime");
        Assert.Equal([true, false, true, false], edges.Skip(1).Select(edge => edge.GetProperty("active").GetBoolean()));
        Assert.Equal([1, 2, 3, 4], edges.Skip(1).Select(edge => edge.GetProperty("sequence").GetInt32()));
        double[] times = [before - 1e8, .. edges.Skip(1).Select(edge => edge.GetProperty("nanoseconds").GetDouble()), after + 1e8];
        Assert.Equal(times.Order(), times);
        board.Shell.Run("kill -TERM $!");
        board.Shell.Run("edge-runtime gpio gpiochip0 RELAY --set true > /tmp/out 2>&1 & sleep 0.1; while ! grep -q active /tmp/out; do sleep 0.1; done");
        Assert.Equal("1", board.Shell.Run($"cat {line}/sim_gpio1/value"));
        board.Shell.Run("kill -TERM $!");
    }

    [Fact]
    public void Doctor_Hardware_ListsWhatTheBoardHas()
    {
        string bus = Chips.Bus(board.Shell);
        Chips.MakeLines(board.Shell);
        board.Shell.Run("modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0 vid_cap_nr=0 multiplanar=1");
        using JsonDocument document = JsonDocument.Parse(board.Shell.Run("edge-runtime doctor --hardware --json"));
        JsonElement camera = document.RootElement.GetProperty("cameras")[0];
        Assert.Equal("/dev/video0", camera.GetProperty("path").GetString());
        Assert.Contains(camera.GetProperty("modes").EnumerateArray(), mode => mode.GetString()!.StartsWith("YUYV 640x360", StringComparison.Ordinal));
        JsonElement found = document.RootElement.GetProperty("buses").EnumerateArray().First(item => item.GetProperty("name").GetString() == bus);
        JsonElement sht = found.GetProperty("chips").EnumerateArray().First(chip => chip.GetProperty("address").GetInt32() == 0x44);
        Assert.Equal("sht3x", sht.GetProperty("kinds")[0].GetString());
        Assert.StartsWith("temperature 25", sht.GetProperty("values")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(8, document.RootElement.GetProperty("gpioChips")[0].GetProperty("lines").GetInt32());
    }

    private static bool IsOk(JsonElement line) => Status(line) == "ok";

    private static string? Status(JsonElement line) => line.GetProperty("status").GetString();

    private JsonElement Sense(string kind, string place)
    {
        using JsonDocument document = JsonDocument.Parse(board.Shell.Run($"edge-runtime sense {kind} {place} --json"));
        return document.RootElement.Clone();
    }

    private double Number(string command) => double.Parse(board.Shell.Run(command), CultureInfo.InvariantCulture);

    private List<JsonElement> WaitFor(string file, Func<List<JsonElement>, bool> condition)
    {
        List<JsonElement> lines = [];
        Testing.Wait.Until(
            () =>
            {
                lines = [.. board.Shell.Run($"cat {file}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];
                return condition(lines);
            },
            TimeSpan.FromSeconds(60), () => $"waited in vain in {file}: {board.Shell.Run($"tail -n 3 {file}")}");
        return lines;
    }
}
