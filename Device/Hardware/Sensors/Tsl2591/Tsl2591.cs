using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Tsl2591;

/// <summary>
/// ams TSL2591 (illuminance from a channel of all light and one of infrared), 100 ms a measurement; the gain follows the light.
/// Source: TSL2591 datasheet v1-02 (ams): registers pages 13 to 22, gains page 7. The conversion to lux is the one of ams'
/// application note DN40 for chips with two channels: lux = (c0 − c1) (1 − c1/c0) / (time · gain / 408).
/// </summary>
/// <param name="device">The chip, at 0x29.</param>
public sealed class Tsl2591(I2cDevice device)
    : I2cSensor("tsl2591", device, new SensorChannel("illuminance", "lx"))
{
    private const byte Command = 0xa0;
    private const byte EnableRegister = Command | 0x00;
    private const byte ControlRegister = Command | 0x01;
    private const byte IdentityRegister = Command | 0x12;
    private const byte StatusRegister = Command | 0x13;
    private const byte DataRegister = Command | 0x14;
    private const byte Identity = 0x50;
    private const byte PowerAndMeasure = 0x03;
    private const double Milliseconds = 100;
    private const double DeviceFactor = 408;
    private const int Saturated = 36_863;
    private const int Faint = 100;

    private static readonly double[] Gains = [1, 25, 428];

    private int _gain = 1;

    private protected override SensorStatus SetUp()
    {
        SensorStatus status = CheckIdentity(IdentityRegister, Identity);
        status = status != SensorStatus.Ok ? status : StatusOf(Device.Write(EnableRegister, PowerAndMeasure));
        return status != SensorStatus.Ok ? status : SetGain();
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        Span<byte> data = stackalloc byte[4];
        SensorStatus status = StatusOf(Device.ReadRegister(StatusRegister, data[..1]));
        if (status != SensorStatus.Ok || (data[0] & 1) == 0)
        {
            return status == SensorStatus.Ok ? SensorStatus.NotReady : status;
        }
        status = StatusOf(Device.ReadRegister(DataRegister, data));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        int all = data[0] | (data[1] << 8);
        int infrared = data[2] | (data[3] << 8);
        bool isSaturated = all >= Saturated || infrared >= Saturated;
        int wanted = isSaturated ? Math.Max(0, _gain - 1) : all < Faint ? Math.Min(Gains.Length - 1, _gain + 1) : _gain;
        double gain = Gains[_gain];
        if (wanted != _gain)
        {
            _gain = wanted;
            status = SetGain();
        }
        // A count at its end says only that there is more light than that.
        if (status != SensorStatus.Ok || isSaturated)
        {
            return status != SensorStatus.Ok ? status : wanted == 0 && gain == Gains[0] ? SensorStatus.Invalid : SensorStatus.NotReady;
        }
        values[0] = all == 0 ? 0 : Math.Max(0, (all - infrared) * (1 - ((double)infrared / all)) / (Milliseconds * gain / DeviceFactor));
        return SensorStatus.Ok;
    }

    private SensorStatus SetGain() => StatusOf(Device.Write(ControlRegister, (byte)(_gain << 4)));
}
