using Edge.Hardware.Health;
using Edge.Hardware.Sensors;
using Edge.Hardware.Sensors.Sysfs;
using Edge.Testing;

namespace Edge.Hardware.Tests;

/// <summary>Sensors that the kernel drives, from folders made as its drivers make them.</summary>
public sealed class SysfsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public void Iio_InputsAndRawValues_AreConvertedByTheAbi()
    {
        Write("sys/bus/iio/devices/iio:device0", ("name", "bme280"), ("in_temp_input", "25080"), ("in_pressure_input", "100.653254000"), ("in_humidityrelative_input", "45123"), ("in_temp_raw", "1"));
        Write("sys/bus/iio/devices/iio:device1", ("name", "lsm9"), ("in_accel_x_raw", "-100"), ("in_accel_scale", "0.5"), ("in_voltage3_raw", "10"), ("in_voltage3_offset", "2"), ("in_voltage3_scale", "100"));
        IReadOnlyList<SysfsSensor> sensors = IioSensors.List(_root.Path);
        Assert.Equal(["bme280@iio:device0", "lsm9@iio:device1"], sensors.Select(sensor => sensor.Name));
        Assert.Equal(["humidity %", "pressure hPa", "temperature °C"], sensors[0].Channels.Select(channel => $"{channel.Name} {channel.Unit}"));
        AssertReads(sensors[0], 45.123, 1006.53254, 25.08);
        Assert.Equal(["accelerationX m/s²", "voltage3 V"], sensors[1].Channels.Select(channel => $"{channel.Name} {channel.Unit}"));
        AssertReads(sensors[1], -50, 1.2);
    }

    [Fact]
    public void Iio_DriverGone_SaysSoAndKeepsTheAge()
    {
        Write("sys/bus/iio/devices/iio:device0", ("name", "tmp"), ("in_temp_input", "20000"));
        SysfsSensor sensor = IioSensors.List(_root.Path)[0];
        var reading = new SensorReading(sensor);
        Assert.True(sensor.TryRead(reading));
        Assert.Equal(0, Allocations.Of(() => sensor.TryRead(reading)));
        File.WriteAllText(Path.Combine(_root.Path, "sys/bus/iio/devices/iio:device0/in_temp_input"), "rubbish\n");
        Assert.False(sensor.TryRead(reading));
        Assert.Equal((SensorStatus.Invalid, 20.0), (reading.Status, reading.Values[0]));
        Directory.Delete(_root["sys"], recursive: true);
        Assert.False(sensor.TryRead(reading));
        Assert.Equal(SensorStatus.NoAnswer, reading.Status);
        Assert.True(reading.Age > TimeSpan.Zero);
    }

    [Fact]
    public void Hwmon_LabelsAndUnits_AreTaken()
    {
        Write("sys/class/hwmon/hwmon0", ("name", "ina3221"), ("in1_input", "5032"), ("in1_label", "VDD_IN"), ("curr1_input", "1500"), ("temp2_input", "41500"));
        SysfsSensor sensor = HwmonSensors.List(_root.Path)[0];
        Assert.Equal(["current1 A", "voltage VDD_IN V", "temperature2 °C"], sensor.Channels.Select(channel => $"{channel.Name} {channel.Unit}"));
        AssertReads(sensor, 1.5, 5.032, 41.5);
    }

    [Theory]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", SensorStatus.Ok)]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=12 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", SensorStatus.BadChecksum)]
    [InlineData("50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n", SensorStatus.NotReady)]
    [InlineData("x : crc=1c YES\nx t=999999\n", SensorStatus.Invalid)]
    [InlineData("", SensorStatus.Invalid)]
    [InlineData("t=5", SensorStatus.Invalid)]
    public void Ds18b20_Slave_IsReadWithItsVerdict(string text, SensorStatus status)
    {
        Write("sys/bus/w1/devices/28-0000071c2b3d", ("w1_slave", text));
        Ds18b20 sensor = Ds18b20.List(_root.Path)[0];
        var reading = new SensorReading(sensor);
        Assert.Equal(status == SensorStatus.Ok, sensor.TryRead(reading));
        Assert.Equal(status, reading.Status);
        if (status == SensorStatus.Ok)
        {
            Assert.Equal(23.125, reading.Values[0]);
        }
    }

    [Fact]
    public void BoardHealth_ZonesThrottlingAndRails_AreFound()
    {
        Write("sys/class/thermal/thermal_zone0", ("type", "cpu-thermal"), ("temp", "61250"));
        Write("sys/class/thermal/cooling_device0", ("type", "cpufreq-cpu0"), ("cur_state", "2"));
        Write("sys/devices/platform/soc/soc:firmware", ("get_throttled", "50005"));
        Write("sys/class/hwmon/hwmon3", ("name", "ina3221"), ("in1_input", "5000"), ("in1_label", "VDD_IN"));
        Write("proc", ("meminfo", "MemTotal: 100 kB\nMemAvailable:   1000000 kB\n"));
        Write("proc/device-tree", ("model", "Raspberry Pi 5 Model B\0"));
        BoardHealth board = BoardHealth.Look(_root.Path, _root.Path);
        Assert.Equal("Raspberry Pi 5 Model B", board.Model);
        Assert.Equal([new ThermalZone("cpu-thermal", 61.25)], board.Temperatures);
        Assert.Equal(["the supply's voltage is too low", "throttled", "cpufreq-cpu0 limits the clock"], board.Throttling);
        Assert.Equal([new PowerRail("ina3221@hwmon3 voltage VDD_IN", 5, "V")], board.Rails);
        Assert.Equal(1024, board.MemoryAvailableMB);
        Assert.True(board.IsThrottlingKnown);
        Assert.Null(board.ThrottleEvents);
        Write("sys/devices/system/cpu/cpu0/thermal_throttle", ("core_throttle_count", "7"));
        Write("sys/devices/system/cpu/cpu1/thermal_throttle", ("core_throttle_count", "2"));
        Assert.Equal(9, BoardHealth.Look(_root.Path, _root.Path).ThrottleEvents);
        Assert.True(board.DiskFreeMB > 0);
    }

    public void Dispose() => _root.Dispose();

    private static void AssertReads(ISensor sensor, params double[] values)
    {
        var reading = new SensorReading(sensor);
        Assert.True(sensor.TryRead(reading), $"{reading.Status}");
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], reading.Values[i], 1e-9);
        }
    }

    private void Write(string folder, params (string Name, string Text)[] files)
    {
        string path = Directory.CreateDirectory(_root[folder]).FullName;
        foreach ((string name, string text) in files)
        {
            File.WriteAllText(Path.Combine(path, name), text);
        }
    }
}
