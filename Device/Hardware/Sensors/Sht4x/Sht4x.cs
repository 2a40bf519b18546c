using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Sht4x;

/// <summary>
/// Sensirion SHT40, SHT41 and SHT45 (temperature, humidity): single measurements of high precision.
/// Source: Datasheet SHT4x, version 6.5: commands table 8 (section 4.5), conversion section 4.6, times table 5.
/// </summary>
/// <param name="device">The chip, at 0x44, 0x45 or 0x46.</param>
public sealed class Sht4x(I2cDevice device)
    : I2cSensor("sht4x", device, new SensorChannel("temperature", "°C"), new SensorChannel("humidity", "%"))
{
    private const byte SoftReset = 0x94;
    private const byte MeasureHigh = 0xfd;
    private const double ResetMilliseconds = 1;
    private const double MeasuringMilliseconds = 8.3;

    private protected override SensorStatus SetUp()
    {
        SensorStatus status = StatusOf(Device.Write(SoftReset));
        Device.Wait(ResetMilliseconds);
        return status;
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        SensorStatus status = StatusOf(Device.Write(MeasureHigh));
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
            // The line through the chip's values goes past both ends, and is to be cropped (section 4.6).
            values[1] = Math.Clamp(-6 + (125.0 * words[1] / 65_535), 0, 100);
        }
        return status;
    }
}
