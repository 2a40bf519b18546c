using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Bme280;

/// <summary>
/// Bosch BME280 (temperature, pressure, humidity) and BMP280 (without humidity) in forced mode, each quantity sampled once.
/// Source: BME280 datasheet BST-BME280-DS002, rev. 1.6: registers section 5.3 and 5.4, measuring time appendix B (9.1).
/// </summary>
public sealed class Bme280 : I2cSensor
{
    private const byte IdentityRegister = 0xd0;
    private const byte HumidityControl = 0xf2;
    private const byte StatusRegister = 0xf3;
    private const byte MeasureControl = 0xf4;
    private const byte ConfigRegister = 0xf5;
    private const byte DataRegister = 0xf7;
    private const byte ForcedOnce = 0x25;
    private const int SkippedPressure = 0x80000;
    private const double MeasuringMilliseconds = 9.3;

    private readonly bool _hasHumidity;
    private Bme280Calibration _calibration;

    /// <summary>Describes a chip; nothing is sent yet.</summary>
    /// <param name="device">The chip, at 0x76 or 0x77.</param>
    /// <param name="hasHumidity">True for a BME280, false for a BMP280.</param>
    public Bme280(I2cDevice device, bool hasHumidity = true)
        : base(hasHumidity ? "bme280" : "bmp280", device, Describe(hasHumidity)) => _hasHumidity = hasHumidity;

    private protected override SensorStatus SetUp()
    {
        SensorStatus status = CheckIdentity(IdentityRegister, _hasHumidity ? (byte)0x60 : (byte)0x58);
        Span<byte> first = stackalloc byte[Bme280Calibration.FirstLength];
        Span<byte> second = stackalloc byte[Bme280Calibration.SecondLength];
        status = status != SensorStatus.Ok ? status : StatusOf(Device.ReadRegister(Bme280Calibration.FirstRegister, first));
        if (_hasHumidity && status == SensorStatus.Ok)
        {
            status = StatusOf(Device.ReadRegister(Bme280Calibration.SecondRegister, second));
        }
        if (status == SensorStatus.Ok)
        {
            _calibration = new Bme280Calibration(first, second);
            // Without a time constant a value is that of its own measurement.
            status = StatusOf(Device.Write(ConfigRegister, 0));
        }
        return status;
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        SensorStatus status = SensorStatus.Ok;
        if (_hasHumidity)
        {
            status = StatusOf(Device.Write(HumidityControl, 1));
        }
        status = status != SensorStatus.Ok ? status : StatusOf(Device.Write(MeasureControl, ForcedOnce));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        Device.Wait(MeasuringMilliseconds);
        Span<byte> busy = stackalloc byte[1];
        status = StatusOf(Device.ReadRegister(StatusRegister, busy));
        if (status != SensorStatus.Ok || (busy[0] & 0x08) != 0)
        {
            return status == SensorStatus.Ok ? SensorStatus.NotReady : status;
        }
        Span<byte> data = stackalloc byte[8];
        data = _hasHumidity ? data : data[..6];
        status = StatusOf(Device.ReadRegister(DataRegister, data));
        return status == SensorStatus.Ok ? Compensate(data, values) : status;
    }

    private static SensorChannel[] Describe(bool hasHumidity)
    {
        SensorChannel temperature = new("temperature", "°C");
        SensorChannel pressure = new("pressure", "hPa");
        return hasHumidity ? [temperature, pressure, new SensorChannel("humidity", "%")] : [temperature, pressure];
    }

    private SensorStatus Compensate(ReadOnlySpan<byte> data, Span<double> values)
    {
        int rawPressure = (data[0] << 12) | (data[1] << 4) | (data[2] >> 4);
        int rawTemperature = (data[3] << 12) | (data[4] << 4) | (data[5] >> 4);
        // What the registers hold when nothing was measured.
        if (rawPressure == SkippedPressure || rawTemperature == SkippedPressure)
        {
            return SensorStatus.Invalid;
        }
        values[0] = _calibration.Temperature(rawTemperature, out int fine) / 100.0;
        values[1] = _calibration.Pressure(rawPressure, fine) / 25_600.0;
        if (_hasHumidity)
        {
            values[2] = _calibration.Humidity(BigEndian(data[6..]), fine) / 1024.0;
        }
        return values[1] > 0 ? SensorStatus.Ok : SensorStatus.Invalid;
    }
}
