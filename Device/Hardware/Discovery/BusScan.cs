using System.Globalization;
using Edge.Hardware.I2c;
using Edge.Hardware.Sensors;
using Edge.Hardware.Sensors.Sysfs;

namespace Edge.Hardware.Discovery;

/// <summary>Looks for chips. Only the addresses of supported chips are touched, and none that a driver of the kernel holds.</summary>
public static class BusScan
{
    /// <summary>Scans every bus of this machine.</summary>
    public static IReadOnlyList<FoundBus> ScanAll()
    {
        var found = new List<FoundBus>();
        foreach (int number in I2cBus.List())
        {
            string name = $"i2c-{number}";
            string devices = $"/sys/bus/i2c/devices/{name}";
            string adapter = SysfsFile.Text(Path.Combine(devices, "name")) ?? "unknown adapter";
            try
            {
                using I2cBus bus = I2cBus.Open(name);
                found.Add(new FoundBus(name, adapter, null, Scan(bus, address => Driver(number, address))));
            }
            catch (HardwareException e)
            {
                found.Add(new FoundBus(name, adapter, e.Message, []));
            }
        }
        return found;
    }

    /// <summary>Scans a bus.</summary>
    internal static List<FoundChip> Scan(II2cBus bus, Func<int, string?> driverOf)
    {
        var addresses = new SortedSet<int>();
        foreach (SensorChip chip in SensorCatalog.Chips)
        {
            addresses.UnionWith(chip.Addresses);
        }
        var found = new List<FoundChip>();
        foreach (int address in addresses)
        {
            string? driver = driverOf(address);
            if (driver is not null)
            {
                found.Add(new FoundChip(address, [], false, driver, []));
            }
            else if (Answers(bus, address))
            {
                found.Add(Recognize(bus, address));
            }
        }
        return found;
    }

    /// <summary>The measurements of a sensor, to be read by people.</summary>
    internal static List<string> Measure(ISensor sensor)
    {
        var reading = new SensorReading(sensor);
        var values = new List<string>();
        // The second attempt is for chips whose first measurement takes longer than a look.
        if (sensor.TryRead(reading) || sensor.TryRead(reading))
        {
            for (int i = 0; i < sensor.Channels.Count; i++)
            {
                values.Add(string.Create(CultureInfo.InvariantCulture, $"{sensor.Channels[i].Name} {Math.Round(reading.Values[i], 6)} {sensor.Channels[i].Unit}"));
            }
        }
        return values;
    }

    private static bool Answers(II2cBus bus, int address)
    {
        // Some chips acknowledge no read before they were told what to do, and some adapters send no empty message.
        I2cStatus status = bus.Transfer(address, [], []);
        if (status == I2cStatus.NotSupported)
        {
            Span<byte> any = stackalloc byte[1];
            status = bus.Transfer(address, [], any);
        }
        return status == I2cStatus.Ok;
    }

    private static FoundChip Recognize(II2cBus bus, int address)
    {
        var possible = new List<string>();
        foreach (SensorChip chip in SensorCatalog.Chips)
        {
            bool fits = false;
            foreach (int candidate in chip.Addresses)
            {
                fits |= candidate == address;
            }
            if (fits && chip.Recognize is null)
            {
                possible.Add(chip.Kind);
            }
            else if (fits && chip.Recognize!(new I2cDevice(bus, address)))
            {
                using I2cSensor sensor = chip.Create(new I2cDevice(bus, address));
                return new FoundChip(address, [chip.Kind], true, null, Measure(sensor));
            }
        }
        return new FoundChip(address, possible, false, null, []);
    }

    private static string? Driver(int bus, int address)
    {
        string link = string.Create(CultureInfo.InvariantCulture, $"/sys/bus/i2c/devices/{bus}-{address:x4}/driver");
        return Directory.Exists(link) ? Path.GetFileName(Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? "a driver") : null;
    }
}
