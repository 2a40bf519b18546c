using System.Globalization;
using Edge.Foundation;
using Edge.Hardware.I2c;
using Edge.Hardware.Sensors.Sysfs;

namespace Edge.Hardware.Sensors;

/// <summary>Every kind of sensor, one line each, and how to open one by its name.</summary>
public static class SensorCatalog
{
    private const string Iio = "iio";
    private const string Hwmon = "hwmon";
    private const string OneWire = "ds18b20";

    /// <summary>The chips on I²C buses.</summary>
    public static IReadOnlyList<SensorChip> Chips { get; } =
    [
        new("bme280", [0x76, 0x77], device => new Bme280.Bme280(device), device => HasByte(device, 0xd0, 0x60)),
        new("bmp280", [0x76, 0x77], device => new Bme280.Bme280(device, hasHumidity: false), device => HasByte(device, 0xd0, 0x58)),
        new("sht3x", [0x44, 0x45], device => new Sht3x.Sht3x(device), device => HasWords(device, 1, 0xf3, 0x2d)),
        new("sht4x", [0x44, 0x45, 0x46], device => new Sht4x.Sht4x(device), device => HasWords(device, 2, 0x89)),
        new("aht20", [0x38], device => new Aht20.Aht20(device), null),
        new("bh1750", [0x23, 0x5c], device => new Bh1750.Bh1750(device), null),
        new("tsl2591", [0x29], device => new Tsl2591.Tsl2591(device), device => HasByte(device, 0xb2, 0x50)),
        new("sgp30", [0x58], device => new Sgp30.Sgp30(device), device => HasWords(device, 3, 0x36, 0x82)),
        new("scd4x", [0x62], device => new Scd4x.Scd4x(device), null),
        new("ads1115", [0x48, 0x49, 0x4a, 0x4b], device => new Ads1115.Ads1115(device), null),
        new("mpu6050", [0x68, 0x69], device => new Mpu6050.Mpu6050(device), device => HasByte(device, 0x75, 0x68)),
        new("ina219", [0x40, 0x41, 0x44, 0x45], device => new Ina219.Ina219(device), device => HasWord(device, 0x00, 0x399f)),
    ];

    /// <summary>Every kind, for messages.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ListKinds();

    /// <summary>Opens a sensor.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="place">
    /// For a chip its bus and address (<c>i2c-1:0x76</c>; the address may be left out where the usual one is meant); for <c>iio</c>,
    /// <c>hwmon</c> and <c>ds18b20</c> the folder or part of the name of the device.
    /// </param>
    /// <returns>The sensor; nothing has been read yet.</returns>
    /// <exception cref="HardwareException">There is no such kind, bus or device.</exception>
    public static ISensor Open(string kind, string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        foreach (SensorChip chip in Chips)
        {
            if (chip.Kind == kind)
            {
                (string bus, int address) = ParsePlace(place, chip);
                I2cBus opened = I2cBus.Open(bus);
                I2cSensor sensor = chip.Create(new I2cDevice(opened, address));
                sensor.OwnBus = opened;
                return sensor;
            }
        }
        return kind switch
        {
            Iio => Pick(IioSensors.List(), kind, place),
            Hwmon => Pick(HwmonSensors.List(), kind, place),
            OneWire => Pick(Ds18b20.List(), kind, place),
            _ => throw new HardwareException($"\"{kind}\": no such kind of sensor{(NearestName.Of(kind, Kinds) is { } near ? $": did you mean {near}?" : $": known are {string.Join(", ", Kinds)}")}"),
        };
    }

    private static (string Bus, int Address) ParsePlace(string place, SensorChip chip)
    {
        int colon = place.LastIndexOf(':');
        if (colon < 0)
        {
            return (place, chip.Addresses[0]);
        }
        ReadOnlySpan<char> text = place.AsSpan(colon + 1);
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool good = int.TryParse(isHex ? text[2..] : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out int address);
        return good && address is >= 0x03 and <= 0x77
            ? (place[..colon], address)
            : throw new HardwareException($"\"{place}\": give a bus and an address from 0x03 to 0x77, as i2c-1:0x{chip.Addresses[0]:x2}");
    }

    private static T Pick<T>(IReadOnlyList<T> sensors, string kind, string place)
        where T : class, ISensor
    {
        T? found = null;
        string wanted = Path.GetFileName(place.TrimEnd('/'));
        foreach (T sensor in sensors)
        {
            if (sensor.Name.Contains(wanted, StringComparison.Ordinal))
            {
                found = found is null ? sensor : throw new HardwareException($"\"{place}\": {found.Name} and {sensor.Name} both fit: give more of the name");
            }
        }
        return found ?? throw new HardwareException($"\"{place}\": the kernel has no such {kind} device: edge-runtime doctor --hardware lists them");
    }

    private static List<string> ListKinds()
    {
        var kinds = new List<string>();
        foreach (SensorChip chip in Chips)
        {
            kinds.Add(chip.Kind);
        }
        kinds.AddRange([Iio, Hwmon, OneWire]);
        return kinds;
    }

    private static bool HasByte(I2cDevice device, byte register, byte expected)
    {
        Span<byte> found = stackalloc byte[1];
        return device.ReadRegister(register, found) == I2cStatus.Ok && found[0] == expected;
    }

    private static bool HasWord(I2cDevice device, byte register, ushort expected)
    {
        Span<byte> found = stackalloc byte[2];
        return device.ReadRegister(register, found) == I2cStatus.Ok && ((found[0] << 8) | found[1]) == expected;
    }

    private static bool HasWords(I2cDevice device, int count, params ReadOnlySpan<byte> command)
    {
        if (device.Write(command) != I2cStatus.Ok)
        {
            return false;
        }
        device.Wait(10);
        Span<ushort> words = stackalloc ushort[count];
        return SensirionWords.Read(device, words) == SensorStatus.Ok;
    }
}
