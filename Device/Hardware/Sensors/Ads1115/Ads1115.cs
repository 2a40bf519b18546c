using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Ads1115;

/// <summary>
/// Texas Instruments ADS1115 (four voltages against ground, −4.096 to 4.096 V, 16 bits): one conversion an input, 128 a second.
/// Source: Datasheet SBAS444D: registers section 9.6, conversion section 9.5.2, full scale table 3.
/// </summary>
/// <param name="device">The chip, at 0x48 to 0x4b.</param>
public sealed class Ads1115(I2cDevice device)
    : I2cSensor("ads1115", device, new SensorChannel("voltage0", "V"), new SensorChannel("voltage1", "V"), new SensorChannel("voltage2", "V"), new SensorChannel("voltage3", "V"))
{
    private const byte ConversionRegister = 0x00;
    private const byte ConfigRegister = 0x01;
    private const byte StartSingle = 0x80;
    private const byte AgainstGround = 0x40;
    private const byte FullScale4096 = 0x02;
    private const byte SingleShot = 0x01;
    private const byte Rate128ComparatorOff = 0x83;
    private const double VoltsPerCount = 4.096 / 32_768;
    private const double ConvertingMilliseconds = 8.7;

    private protected override SensorStatus SetUp() => SensorStatus.Ok;

    private protected override SensorStatus Measure(Span<double> values)
    {
        Span<byte> data = stackalloc byte[2];
        for (int input = 0; input < values.Length; input++)
        {
            byte high = (byte)(StartSingle | AgainstGround | (input << 4) | FullScale4096 | SingleShot);
            SensorStatus status = StatusOf(Device.Write(ConfigRegister, high, Rate128ComparatorOff));
            if (status != SensorStatus.Ok)
            {
                return status;
            }
            Device.Wait(ConvertingMilliseconds);
            status = StatusOf(Device.ReadRegister(ConfigRegister, data));
            // The highest bit reads 0 while a conversion is under way.
            if (status != SensorStatus.Ok || (data[0] & StartSingle) == 0)
            {
                return status == SensorStatus.Ok ? SensorStatus.NotReady : status;
            }
            status = StatusOf(Device.ReadRegister(ConversionRegister, data));
            if (status != SensorStatus.Ok)
            {
                return status;
            }
            values[input] = (short)BigEndian(data) * VoltsPerCount;
        }
        return SensorStatus.Ok;
    }
}
