using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Aht20;

/// <summary>
/// ASAIR AHT20 (temperature, humidity).
/// Source: AHT20 Product manuals, version 1.0: reading process section 5.4, conversion section 6, status table 10.
/// </summary>
/// <param name="device">The chip, at 0x38.</param>
public sealed class Aht20(I2cDevice device)
    : I2cSensor("aht20", device, new SensorChannel("temperature", "°C"), new SensorChannel("humidity", "%"))
{
    private const byte StatusCommand = 0x71;
    private const byte Calibrated = 0x08;
    private const byte Busy = 0x80;
    private const double Range = 1 << 20;

    private protected override SensorStatus SetUp()
    {
        Span<byte> state = stackalloc byte[1];
        SensorStatus status = StatusOf(Device.ReadRegister(StatusCommand, state));
        if (status == SensorStatus.Ok && (state[0] & Calibrated) == 0)
        {
            status = StatusOf(Device.Write(0xbe, 0x08, 0x00));
            Device.Wait(10);
        }
        return status;
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        SensorStatus status = StatusOf(Device.Write(0xac, 0x33, 0x00));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        Device.Wait(80);
        Span<byte> data = stackalloc byte[7];
        status = StatusOf(Device.Read(data));
        if (status != SensorStatus.Ok || (data[0] & Busy) != 0)
        {
            return status == SensorStatus.Ok ? SensorStatus.NotReady : status;
        }
        if (SensirionWords.Checksum(data[..6]) != data[6])
        {
            return SensorStatus.BadChecksum;
        }
        int humidity = (data[1] << 12) | (data[2] << 4) | (data[3] >> 4);
        int temperature = ((data[3] & 0x0f) << 16) | (data[4] << 8) | data[5];
        values[0] = (temperature * 200 / Range) - 50;
        values[1] = humidity * 100 / Range;
        return SensorStatus.Ok;
    }
}
