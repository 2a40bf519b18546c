using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Sgp30;

/// <summary>
/// Sensirion SGP30 (equivalent CO₂ and total volatile compounds). The chip's own compensation wants a measurement each second;
/// for its first 15 seconds it answers 400 ppm and 0 ppb, which is no measurement.
/// Source: Datasheet SGP30, version 1.0: commands tables 9 and 10, pages 8 to 11.
/// </summary>
/// <param name="device">The chip, at 0x58.</param>
public sealed class Sgp30(I2cDevice device)
    : I2cSensor("sgp30", device, new SensorChannel("co2", "ppm"), new SensorChannel("tvoc", "ppb"))
{
    private const ushort FeatureSet = 0x202f;
    private const ushort BeginMeasuring = 0x2003;
    private const ushort MeasureAir = 0x2008;
    private const int WarmUpReadings = 15;

    private int _readings;

    private protected override SensorStatus SetUp()
    {
        SensorStatus status = StatusOf(Device.Command(FeatureSet));
        Device.Wait(10);
        Span<ushort> feature = stackalloc ushort[1];
        status = status != SensorStatus.Ok ? status : SensirionWords.Read(Device, feature);
        // The highest four bits are the kind of product: 0 is an SGP30.
        if (status == SensorStatus.Ok && feature[0] >> 12 != 0)
        {
            return SensorStatus.WrongChip;
        }
        status = status != SensorStatus.Ok ? status : StatusOf(Device.Command(BeginMeasuring));
        Device.Wait(10);
        _readings = 0;
        return status;
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        SensorStatus status = StatusOf(Device.Command(MeasureAir));
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        Device.Wait(12);
        Span<ushort> words = stackalloc ushort[2];
        status = SensirionWords.Read(Device, words);
        if (status != SensorStatus.Ok)
        {
            return status;
        }
        _readings = Math.Min(_readings + 1, WarmUpReadings + 1);
        (values[0], values[1]) = (words[0], words[1]);
        return _readings <= WarmUpReadings && words[0] == 400 && words[1] == 0 ? SensorStatus.NotReady : SensorStatus.Ok;
    }
}
