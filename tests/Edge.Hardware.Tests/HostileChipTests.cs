using Edge.Hardware.I2c;
using Edge.Hardware.Sensors;
using Edge.Testing;

namespace Edge.Hardware.Tests;

/// <summary>Every chip of the catalogue on a bus that answers with anything, and without garbage.</summary>
public sealed class HostileChipTests
{
    public static TheoryData<string> Kinds() => [.. SensorCatalog.Chips.Select(chip => chip.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryRead_AnyBytes_NeverThrowsAndNeverGivesWhatIsNoNumber(string kind)
    {
        const int Seed = 20_260;
        SensorChip chip = SensorCatalog.Chips.First(item => item.Kind == kind);
        using var bus = new NoiseBus(new Random(Seed));
        using I2cSensor sensor = chip.Create(new I2cDevice(bus, chip.Addresses[0]));
        var reading = new SensorReading(sensor);
        double[] before = reading.Values.ToArray();
        var seen = new HashSet<SensorStatus>();
        for (int i = 0; i < 20_000; i++)
        {
            if (i % 500 == 0)
            {
                chip.Recognize?.Invoke(new I2cDevice(bus, chip.Addresses[0]));
            }
            if (sensor.TryRead(reading))
            {
                Assert.All(reading.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
                before = reading.Values.ToArray();
            }
            Assert.Equal(before, reading.Values.ToArray());
            seen.Add(reading.Status);
        }
        Assert.True(seen.Count >= 2, $"seed {Seed}: only {string.Join(", ", seen)}");
    }

    [Fact]
    public void TryRead_AfterTheFirst_AllocatesNothing()
    {
        using var bus = new RegisterBus();
        foreach (SensorChip chip in SensorCatalog.Chips)
        {
            using I2cSensor sensor = chip.Create(new I2cDevice(bus, chip.Addresses[0]));
            var reading = new SensorReading(sensor);
            sensor.TryRead(reading);
            Assert.Equal(0, Allocations.Of(() => sensor.TryRead(reading)));
        }
    }

    [Theory]
    [InlineData("bme208", "i2c-1", "did you mean bme280?")]
    [InlineData("bme280", "i2c-1:0x80", "give a bus and an address")]
    [InlineData("bme280", "i2c-1:x", "give a bus and an address")]
    [InlineData("bme280", "i2c-251", "/dev/i2c-251: cannot be opened")]
    [InlineData("iio", "nothing-such", "the kernel has no such iio device")]
    public void Open_WhatIsNotThere_SaysSo(string kind, string place, string message) =>
        Assert.Contains(message, Assert.Throws<HardwareException>(() => SensorCatalog.Open(kind, place)).Message, StringComparison.Ordinal);

    private sealed class NoiseBus(Random random) : II2cBus
    {
        public string Name => "noise";

        public I2cStatus Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
        {
            if (random.Next(20) == 0)
            {
                return (I2cStatus)random.Next(1, 4);
            }
            random.NextBytes(read);
            // Often enough the right chip with right checksums, so that what lies behind them is reached.
            if (write.Length == 1 && read.Length == 1 && random.Next(4) > 0)
            {
                read[0] = write[0] switch { 0xd0 => random.Next(2) == 0 ? (byte)0x60 : (byte)0x58, 0xb2 => 0x50, 0x75 => 0x68, 0x71 => 0x08, 0xb3 => 1, 0xf3 => 0, _ => read[0] };
            }
            if (read.Length > 0 && read.Length % 3 == 0 && random.Next(4) > 0)
            {
                read[0] &= 0x0f;
                for (int i = 0; i < read.Length; i += 3)
                {
                    read[i + 2] = SensirionWords.Checksum(read.Slice(i, 2));
                }
            }
            if (read.Length == 7 && random.Next(4) > 0)
            {
                read[6] = SensirionWords.Checksum(read[..6]);
            }
            return I2cStatus.Ok;
        }

        public void Wait(TimeSpan time)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class RegisterBus : II2cBus
    {
        public string Name => "registers";

        public I2cStatus Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
        {
            read.Clear();
            return I2cStatus.Ok;
        }

        public void Wait(TimeSpan time)
        {
        }

        public void Dispose()
        {
        }
    }
}
