using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors.Mpu6050;

/// <summary>
/// InvenSense MPU-6050 (acceleration to ±2 g, turning to ±250 °/s, its own temperature).
/// Source: MPU-6000/6050 Register Map RM-MPU-6000A-00 revision 4.2: pages 29 to 31 (measurements), 40 (power), 45 (identity).
/// </summary>
/// <param name="device">The chip, at 0x68 or 0x69.</param>
public sealed class Mpu6050(I2cDevice device)
    : I2cSensor("mpu6050", device,
        new SensorChannel("accelerationX", "m/s²"), new SensorChannel("accelerationY", "m/s²"), new SensorChannel("accelerationZ", "m/s²"), new SensorChannel("temperature", "°C"),
        new SensorChannel("rotationX", "°/s"), new SensorChannel("rotationY", "°/s"), new SensorChannel("rotationZ", "°/s"))
{
    private const byte GyroConfig = 0x1b;
    private const byte AccelerationConfig = 0x1c;
    private const byte Measurements = 0x3b;
    private const byte Power = 0x6b;
    private const byte IdentityRegister = 0x75;
    private const byte Identity = 0x68;
    private const byte AwakeByGyroClock = 0x01;
    private const double StandardGravity = 9.80665;
    private const double CountsPerG = 16_384;
    private const double CountsPerDegree = 131;
    private const double WakeMilliseconds = 100;

    private protected override SensorStatus SetUp()
    {
        SensorStatus status = CheckIdentity(IdentityRegister, Identity);
        status = status != SensorStatus.Ok ? status : StatusOf(Device.Write(Power, AwakeByGyroClock));
        status = status != SensorStatus.Ok ? status : StatusOf(Device.Write(GyroConfig, 0));
        status = status != SensorStatus.Ok ? status : StatusOf(Device.Write(AccelerationConfig, 0));
        Device.Wait(WakeMilliseconds);
        return status;
    }

    private protected override SensorStatus Measure(Span<double> values)
    {
        Span<byte> data = stackalloc byte[14];
        SensorStatus status = StatusOf(Device.ReadRegister(Measurements, data));
        for (int i = 0; i < values.Length; i++)
        {
            int raw = (short)BigEndian(data[(2 * i)..]);
            values[i] = i < 3 ? raw / CountsPerG * StandardGravity : i > 3 ? raw / CountsPerDegree : (raw / 340.0) + 36.53;
        }
        return status;
    }
}
