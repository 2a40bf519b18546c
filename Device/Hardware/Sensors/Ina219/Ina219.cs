using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Ina219;

/// <summary>
/// Texas Instruments INA219 (voltage to 32 V; current and power over a shunt, to ±0.32 V across it).
/// Source: Datasheet SBOS448G: registers section 8.6, shunt voltage 8.6.3.1 (10 µV), bus voltage 8.6.3.2 (4 mV).
/// </summary>
public sealed class Ina219 : I2cSensor
{
    private const byte ConfigRegister = 0x00;
    private const byte ShuntRegister = 0x01;
    private const byte BusRegister = 0x02;
    private const byte ConfigHigh = 0x39;
    private const byte ConfigLow = 0x9f;
    private const int ConversionReady = 0x02;
    private const int Overflow = 0x01;

    private readonly double _ohms;

    /// <summary>Describes a chip; nothing is sent yet.</summary>
    /// <param name="device">The chip, at 0x40 to 0x4f.</param>
    /// <param name="shuntOhms">The shunt's resistance; 0.1 on most boards.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resistance is not above 0.</exception>
    public Ina219(I2cDevice device, double shuntOhms = 0.1)
        : base("ina219", device, new SensorChannel("voltage", "V"), new SensorChannel("current", "A"), new SensorChannel("power", "W"))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shuntOhms);
        _ohms = shuntOhms;
    }

    private protected override SensorStatus SetUp() => StatusOf(Device.Write(ConfigRegister, ConfigHigh, ConfigLow));

    private protected override SensorStatus Measure(Span<double> values)
    {
        Span<byte> bus = stackalloc byte[2];
        Span<byte> shunt = stackalloc byte[2];
        SensorStatus status = StatusOf(Device.ReadRegister(BusRegister, bus));
        status = status != SensorStatus.Ok ? status : StatusOf(Device.ReadRegister(ShuntRegister, shunt));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        int rawBus = BigEndian(bus);
        if ((rawBus & ConversionReady) == 0)
        {
            return SensorStatus.NotReady;
        }
        values[0] = (rawBus >> 3) * 0.004;
        values[1] = (short)BigEndian(shunt) * 10e-6 / _ohms;
        values[2] = values[0] * values[1];
        return (rawBus & Overflow) != 0 ? SensorStatus.Invalid : SensorStatus.Ok;
    }
}
