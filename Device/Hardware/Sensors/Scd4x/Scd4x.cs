using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Scd4x;

/// <summary>
/// Sensirion SCD40 and SCD41 (CO₂, temperature, humidity), measuring by themselves every 5 seconds.
/// Source: Datasheet SCD4x, version 1.4: commands section 3.5 (start 3.5.1, read 3.5.2, stop 3.5.3), data ready 3.8.2.
/// </summary>
/// <param name="device">The chip, at 0x62.</param>
public sealed class Scd4x(I2cDevice device)
    : I2cSensor("scd4x", device, new SensorChannel("co2", "ppm"), new SensorChannel("temperature", "°C"), new SensorChannel("humidity", "%"))
{
    private const ushort StartPeriodic = 0x21b1;
    private const ushort StopPeriodic = 0x3f86;
    private const ushort DataReady = 0xe4b8;
    private const ushort ReadMeasurement = 0xec05;

    private protected override SensorStatus SetUp()
    {
        // While it measures it takes no other command; when it does not measure, stopping does no harm.
        SensorStatus status = StatusOf(Device.Command(StopPeriodic));
        Device.Wait(500);
        return status != SensorStatus.Ok ? status : StatusOf(Device.Command(StartPeriodic));
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        Span<ushort> words = stackalloc ushort[3];
        SensorStatus status = Ask(DataReady, words[..1]);
        if (status != SensorStatus.Ok || (words[0] & 0x7ff) == 0)
        {
            return status == SensorStatus.Ok ? SensorStatus.NotReady : status;
        }
        status = Ask(ReadMeasurement, words);
        if (status == SensorStatus.Ok)
        {
            values[0] = words[0];
            values[1] = -45 + (175.0 * words[1] / 65_535);
            values[2] = 100.0 * words[2] / 65_535;
        }
        return status;
    }

    private SensorStatus Ask(ushort command, Span<ushort> words)
    {
        SensorStatus status = StatusOf(Device.Command(command));
        Device.Wait(1);
        return status != SensorStatus.Ok ? status : SensirionWords.Read(Device, words);
    }
}
