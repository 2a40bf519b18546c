using Edge.Hardware.I2c;
using Edge.Hardware.Sensors;
using Edge.Hardware.Sensors.Ads1115;
using Edge.Hardware.Sensors.Aht20;
using Edge.Hardware.Sensors.Bh1750;
using Edge.Hardware.Sensors.Bme280;
using Edge.Hardware.Sensors.Ina219;
using Edge.Hardware.Sensors.Mpu6050;
using Edge.Hardware.Sensors.Scd4x;
using Edge.Hardware.Sensors.Sgp30;
using Edge.Hardware.Sensors.Sht3x;
using Edge.Hardware.Sensors.Sht4x;
using Edge.Hardware.Sensors.Tsl2591;

namespace Edge.Hardware.Tests;

/// <summary>Chips, byte by byte, with values that their datasheets work out or that were worked out by hand from their formulas.</summary>
public sealed class ChipTests
{
    // BMP280 datasheet BST-BMP280-DS001-26, section 3.12: trimming values and raw measurements of its worked example.
    private static readonly byte[] Calibration = Convert.FromHexString("706b436718fc7d8e43d6d00b270b8c00f9ff8c3cf8c67017" + "004b");

    [Fact]
    public void Bme280_DatasheetExample_GivesItsValues()
    {
        FakeChip chip = Bme();
        var sensor = new Bme280(new I2cDevice(chip, 0x76));
        var reading = new SensorReading(sensor);
        Assert.True(sensor.TryRead(reading));
        Assert.Equal(["d0", "88", "e1", "f500", "f201", "f425", "f3", "f7"], chip.Written);
        Assert.Equal(25.08, reading.Values[0]);
        // 100653.27 Pa in the example's floating point; the integers of section 3.11.3 stay within 0.02 Pa of it.
        Assert.Equal(1006.5327, reading.Values[1], 0.0002);
        Assert.InRange(reading.Values[2], 0, 100);
        Assert.True(chip.Waited >= TimeSpan.FromMilliseconds(9.3));
        Assert.Equal(SensorStatus.Ok, reading.Status);
        Assert.NotNull(reading.Age);
    }

    [Fact]
    public void Bme280_BetweenMeasurements_IsNotSetUpAgain()
    {
        FakeChip chip = Bme();
        var sensor = new Bme280(new I2cDevice(chip, 0x76));
        var reading = new SensorReading(sensor);
        sensor.TryRead(reading);
        chip.Written.Clear();
        Assert.True(sensor.TryRead(reading));
        Assert.Equal(["f201", "f425", "f3", "f7"], chip.Written);
    }

    [Fact]
    public void Bme280_AnotherChip_IsRefused()
    {
        FakeChip chip = Bme();
        chip.Answers["d0"] = [0x58];
        AssertFails(new Bme280(new I2cDevice(chip, 0x76)), SensorStatus.WrongChip);
        chip.Answers["d0"] = [0x60];
        AssertFails(new Bme280(new I2cDevice(chip, 0x76), hasHumidity: false), SensorStatus.WrongChip);
    }

    [Fact]
    public void Bme280_NothingMeasured_IsInvalid()
    {
        FakeChip chip = Bme();
        chip.Answers["f7"] = Convert.FromHexString("8000008000008000");
        AssertFails(new Bme280(new I2cDevice(chip, 0x76)), SensorStatus.Invalid);
    }

    [Fact]
    public void Sht3x_Words_GiveTheirValues()
    {
        var chip = new FakeChip(0x44) { Answers = { ["2400"] = Words(0x6666, 0x8000) } };
        AssertReads(new Sht3x(new I2cDevice(chip, 0x44)), 25, 50.000762951);
        Assert.Equal(["30a2", "2400"], chip.Written);
    }

    [Fact]
    public void Sht3x_WrongChecksum_KeepsTheLastValueAndSaysSo()
    {
        var chip = new FakeChip(0x44) { Answers = { ["2400"] = Words(0x6666, 0x8000) } };
        var sensor = new Sht3x(new I2cDevice(chip, 0x44));
        var reading = new SensorReading(sensor);
        Assert.True(sensor.TryRead(reading));
        long taken = reading.Timestamp;
        chip.Answers["2400"] = Words(0x7000, 0x8000);
        chip.Answers["2400"][5] ^= 0x10;
        Assert.False(sensor.TryRead(reading));
        Assert.Equal(SensorStatus.BadChecksum, reading.Status);
        Assert.Equal(25, reading.Values[0], 1e-9);
        Assert.Equal(taken, reading.Timestamp);
        chip.Answers["2400"][5] ^= 0x10;
        Assert.True(sensor.TryRead(reading));
        Assert.True(reading.Values[0] > 25 && reading.Timestamp > taken);
        Assert.Equal((2, 1), (reading.Good, reading.Failed));
        // The chip was set up again behind the failure.
        Assert.Equal(["30a2", "2400", "2400", "30a2", "2400"], chip.Written);
    }

    [Theory]
    [InlineData(2, true, 2)]
    [InlineData(3, false, 2)]
    public void Sht3x_NotAcknowledged_IsRepeatedTwice(int refusals, bool good, int repeated)
    {
        var chip = new FakeChip(0x44) { Answers = { ["2400"] = Words(0x6666, 0x8000) }, Refusals = refusals };
        var device = new I2cDevice(chip, 0x44);
        var sensor = new Sht3x(device);
        var reading = new SensorReading(sensor);
        Assert.Equal(good, sensor.TryRead(reading));
        Assert.Equal(good ? SensorStatus.Ok : SensorStatus.NoAnswer, reading.Status);
        Assert.Equal(repeated, device.Repeated);
        Assert.Equal(good, reading.Age is not null);
        Assert.Equal(good, double.IsFinite(reading.Values[0]));
    }

    [Fact]
    public void Sht4x_Words_GiveTheirValues()
    {
        var chip = new FakeChip(0x44) { Answers = { ["fd"] = Words(0x6666, 0x8000) } };
        AssertReads(new Sht4x(new I2cDevice(chip, 0x44)), 25, 56.500953689);
        Assert.Equal(["94", "fd"], chip.Written);
    }

    [Theory]
    [InlineData(0x0000, 0)]
    [InlineData(0xffff, 100)]
    public void Sht4x_HumidityBeyondTheEnds_IsCropped(ushort raw, double humidity) =>
        AssertReads(new Sht4x(new I2cDevice(new FakeChip(0x44) { Answers = { ["fd"] = Words(0x6666, raw) } }, 0x44)), 25, humidity);

    [Fact]
    public void Aht20_Counts_GiveTheirValues()
    {
        // Humidity 0x80000 of 2²⁰ is 50 %, temperature 0x60000 is 3/8 of 200 °C less 50 °C.
        byte[] answer = [0x1c, 0x80, 0x00, 0x06, 0x00, 0x00, 0];
        answer[6] = SensirionWords.Checksum(answer.AsSpan(0, 6));
        var chip = new FakeChip(0x38) { Answers = { ["71"] = [0x10], ["ac3300"] = answer } };
        AssertReads(new Aht20(new I2cDevice(chip, 0x38)), 25, 50);
        Assert.Equal(["71", "be0800", "ac3300"], chip.Written);
        answer[0] = 0x9c;
        AssertFails(new Aht20(new I2cDevice(chip, 0x38)), SensorStatus.NotReady);
        answer[0] = 0x1c;
        answer[6] ^= 1;
        AssertFails(new Aht20(new I2cDevice(chip, 0x38)), SensorStatus.BadChecksum);
    }

    [Fact]
    public void Bh1750_DatasheetExample_GivesItsValue()
    {
        // Technical Note page 7: 10000011 10010000 is 28067 lx.
        var chip = new FakeChip(0x23) { Answers = { ["20"] = [0x83, 0x90] } };
        AssertReads(new Bh1750(new I2cDevice(chip, 0x23)), 33_680 / 1.2);
        Assert.Equal(["01", "20"], chip.Written);
    }

    [Fact]
    public void Tsl2591_Counts_GiveLux()
    {
        var chip = new FakeChip(0x29) { Answers = { ["b2"] = [0x50], ["b3"] = [0x01], ["b4"] = [0xe8, 0x03, 0xc8, 0x00] } };
        // 1000 and 200 counts at 100 ms and gain 25: 800 · 0.8 / (2500/408).
        AssertReads(new Tsl2591(new I2cDevice(chip, 0x29)), 104.448);
        Assert.Equal(["b2", "a003", "a110", "b3", "b4"], chip.Written);
    }

    [Fact]
    public void Tsl2591_Saturated_TakesTheNextGain()
    {
        var chip = new FakeChip(0x29) { Answers = { ["b2"] = [0x50], ["b3"] = [0x01], ["b4"] = [0xff, 0xff, 0xc8, 0x00] } };
        var sensor = new Tsl2591(new I2cDevice(chip, 0x29));
        var reading = new SensorReading(sensor);
        Assert.False(sensor.TryRead(reading));
        Assert.Equal(SensorStatus.NotReady, reading.Status);
        Assert.Equal("a100", chip.Written[^1]);
        Assert.False(sensor.TryRead(reading));
        Assert.Equal(SensorStatus.Invalid, reading.Status);
        chip.Answers["b4"] = [0xe8, 0x03, 0xc8, 0x00];
        Assert.True(sensor.TryRead(reading));
        Assert.Equal(2611.2, reading.Values[0], 1e-9);
    }

    [Fact]
    public void Sgp30_FirstReadings_AreNoMeasurement()
    {
        var chip = new FakeChip(0x58) { Answers = { ["202f"] = Words(0x0022), ["2008"] = Words(400, 0) } };
        var sensor = new Sgp30(new I2cDevice(chip, 0x58));
        var reading = new SensorReading(sensor);
        for (int i = 0; i < 15; i++)
        {
            Assert.False(sensor.TryRead(reading));
            Assert.Equal(SensorStatus.NotReady, reading.Status);
        }
        chip.Answers["2008"] = Words(512, 33);
        Assert.True(sensor.TryRead(reading));
        Assert.Equal([512, 33], reading.Values.ToArray());
        Assert.Equal(["202f", "2003", "2008"], chip.Written[..3]);
    }

    [Fact]
    public void Scd4x_DatasheetExample_GivesItsValues()
    {
        // Datasheet section 3.5.2: 500 ppm, 25 °C, 37 % with these checksums.
        var chip = new FakeChip(0x62) { Answers = { ["e4b8"] = Words(0x8000), ["ec05"] = Convert.FromHexString("01f4336667a25eb93c") } };
        var sensor = new Scd4x(new I2cDevice(chip, 0x62));
        var reading = new SensorReading(sensor);
        Assert.False(sensor.TryRead(reading));
        Assert.Equal(SensorStatus.NotReady, reading.Status);
        chip.Answers["e4b8"] = Words(0x8001);
        Assert.True(sensor.TryRead(reading));
        Assert.Equal(500, reading.Values[0]);
        Assert.Equal(25, reading.Values[1], 0.01);
        Assert.Equal(37, reading.Values[2], 0.01);
        Assert.Equal(["3f86", "21b1", "e4b8", "e4b8", "ec05"], chip.Written);
    }

    [Fact]
    public void Ads1115_EveryInput_IsConverted()
    {
        // Table 4 of the datasheet: 0x7fff is the end of the scale less one step, 0x8000 its other end.
        var chip = new FakeChip(0x48) { Answers = { ["01"] = [0x80, 0x83], ["00"] = [0x7f, 0xff] } };
        AssertReads(new Ads1115(new I2cDevice(chip, 0x48)), 4.095875, 4.095875, 4.095875, 4.095875);
        Assert.Equal(["01c383", "01", "00", "01d383", "01", "00", "01e383", "01", "00", "01f383", "01", "00"], chip.Written);
        chip.Answers["00"] = [0x80, 0x00];
        AssertReads(new Ads1115(new I2cDevice(chip, 0x48)), -4.096, -4.096, -4.096, -4.096);
        chip.Answers["01"] = [0x00, 0x83];
        AssertFails(new Ads1115(new I2cDevice(chip, 0x48)), SensorStatus.NotReady);
    }

    [Fact]
    public void Mpu6050_Counts_GiveTheirValues()
    {
        var chip = new FakeChip(0x68) { Answers = { ["75"] = [0x68], ["3b"] = Convert.FromHexString("4000c0000000f0b00083ff7d0000") } };
        AssertReads(new Mpu6050(new I2cDevice(chip, 0x68)), 9.80665, -9.80665, 0, (-3920 / 340.0) + 36.53, 1, -1, 0);
        Assert.Equal(["75", "6b01", "1b00", "1c00", "3b"], chip.Written);
    }

    [Fact]
    public void Ina219_DatasheetExample_GivesItsValues()
    {
        // Section 8.5.1: 20 mV across 2 mΩ are 10 A, at 11.98 V 119.8 W.
        var chip = new FakeChip(0x40) { Answers = { ["02"] = [0x5d, 0x9a], ["01"] = [0x07, 0xd0] } };
        AssertReads(new Ina219(new I2cDevice(chip, 0x40), 0.002), 11.98, 10, 119.8);
        Assert.Equal(["00399f", "02", "01"], chip.Written);
        chip.Answers["02"] = [0x5d, 0x9b];
        AssertFails(new Ina219(new I2cDevice(chip, 0x40), 0.002), SensorStatus.Invalid);
        chip.Answers["02"] = [0x5d, 0x98];
        AssertFails(new Ina219(new I2cDevice(chip, 0x40), 0.002), SensorStatus.NotReady);
    }

    [Fact]
    public void Checksum_DatasheetExample_IsThatOfTheDatasheet() => Assert.Equal(0x92, SensirionWords.Checksum([0xbe, 0xef]));

    internal static FakeChip Bme() => new(0x76)
    {
        Answers =
        {
            ["d0"] = [0x60], ["88"] = Calibration, ["e1"] = Convert.FromHexString("6a01001328031e"), ["f3"] = [0], ["f7"] = Convert.FromHexString("655ac07eed006e00"),
        },
    };

    internal static byte[] Words(params ushort[] words)
    {
        var bytes = new List<byte>();
        foreach (ushort word in words)
        {
            byte[] pair = [(byte)(word >> 8), (byte)word];
            bytes.AddRange([.. pair, SensirionWords.Checksum(pair)]);
        }
        return [.. bytes];
    }

    private static void AssertReads(ISensor sensor, params double[] values)
    {
        var reading = new SensorReading(sensor);
        Assert.True(sensor.TryRead(reading), $"{reading.Status}");
        Assert.Equal(values.Length, sensor.Channels.Count);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i], reading.Values[i], 1e-6);
        }
    }

    private static void AssertFails(ISensor sensor, SensorStatus status)
    {
        var reading = new SensorReading(sensor);
        Assert.False(sensor.TryRead(reading));
        Assert.Equal(status, reading.Status);
        Assert.Null(reading.Age);
        Assert.True(double.IsNaN(reading.Values[0]));
    }
}
