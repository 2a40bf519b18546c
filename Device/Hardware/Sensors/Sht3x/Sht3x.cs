using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Sht3x;

/// <summary>
/// Sensirion SHT30, SHT31 and SHT35 (temperature, humidity): single measurements of high repeatability.
/// Source: Datasheet SHT3x-DIS, version 7: commands section 4.3 to 4.9, checksum 4.12, conversion 4.13, times table 4.
/// </summary>
/// <param name="device">The chip, at 0x44 or 0x45.</param>
public sealed class Sht3x(I2cDevice device)
    : I2cSensor("sht3x", device, new SensorChannel("temperature", "°C"), new SensorChannel("humidity", "%"))
{
    private const ushort SoftReset = 0x30a2;
    private const ushort MeasureHigh = 0x2400;
    private const double ResetMilliseconds = 1.5;
    private const double MeasuringMilliseconds = 15.5;

    private protected override SensorStatus SetUp()
    {
        SensorStatus status = StatusOf(Device.Command(SoftReset));
        Device.Wait(ResetMilliseconds);
        return status;
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        SensorStatus status = StatusOf(Device.Command(MeasureHigh));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        Device.Wait(MeasuringMilliseconds);
        Span<ushort> words = stackalloc ushort[2];
        status = SensirionWords.Read(Device, words);
        if (status == SensorStatus.Ok)
        {
            values[0] = -45 + (175.0 * words[0] / 65_535);
            values[1] = 100.0 * words[1] / 65_535;
        }
        return status;
    }
}
