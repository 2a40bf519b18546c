using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Bh1750;

/// <summary>
/// ROHM BH1750FVI (illuminance): one measurement at a resolution of 1 lx.
/// Source: BH1750FVI Technical Note, 2010.04 rev. C: instructions page 5, measuring time and conversion pages 2 and 7.
/// </summary>
/// <param name="device">The chip, at 0x23 or 0x5c.</param>
public sealed class Bh1750(I2cDevice device)
    : I2cSensor("bh1750", device, new SensorChannel("illuminance", "lx"))
{
    private const byte PowerOn = 0x01;
    private const byte OneTimeHighResolution = 0x20;
    private const double CountsPerLux = 1.2;

    private protected override SensorStatus SetUp() => StatusOf(Device.Write(PowerOn));

    private protected override SensorStatus Measure(Span<double> values)
    {
        SensorStatus status = StatusOf(Device.Write(OneTimeHighResolution));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        Device.Wait(180);
        Span<byte> data = stackalloc byte[2];
        status = StatusOf(Device.Read(data));
        values[0] = BigEndian(data) / CountsPerLux;
        return status;
    }
}
