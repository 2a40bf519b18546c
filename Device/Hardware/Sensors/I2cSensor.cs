using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors;

/// <summary>A sensor on an I²C bus: set up before the first measurement, and again after every failure, since a chip that lost its supply lost its settings.</summary>
public abstract class I2cSensor : ISensor
{
    private readonly double[] _values;
    private bool _isSetUp;

    private protected I2cSensor(string chip, I2cDevice device, params SensorChannel[] channels)
    {
        (Device, Channels, Name) = (device, channels, $"{chip}@{device.Place}");
        _values = new double[channels.Length];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SensorChannel> Channels { get; }

    /// <summary>A bus that goes with the sensor; null where it is shared.</summary>
    internal II2cBus? OwnBus { get; set; }

    private protected I2cDevice Device { get; }

    /// <inheritdoc/>
    public bool TryRead(SensorReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        SensorStatus status = SensorStatus.Ok;
        if (!_isSetUp)
        {
            status = SetUp();
            _isSetUp = status == SensorStatus.Ok;
        }
        if (status == SensorStatus.Ok)
        {
            status = Measure(_values);
            _isSetUp = status is SensorStatus.Ok or SensorStatus.NotReady;
        }
        return reading.Take(status, _values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        OwnBus?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes sure that it is the right chip, and sets it up.</summary>
    private protected abstract SensorStatus SetUp();

    /// <summary>Measures.</summary>
    /// <param name="values">Gets one value a channel.</param>
    private protected abstract SensorStatus Measure(Span<double> values);

    /// <summary>What the end of a transfer means for a sensor.</summary>
    private protected static SensorStatus StatusOf(I2cStatus status) => status switch
    {
        I2cStatus.Ok => SensorStatus.Ok,
        I2cStatus.NoAcknowledge => SensorStatus.NoAnswer,
        _ => SensorStatus.BusFailed,
    };

    /// <summary>Compares a register with the chip's number.</summary>
    private protected SensorStatus CheckIdentity(byte register, byte expected)
    {
        Span<byte> identity = stackalloc byte[1];
        SensorStatus status = StatusOf(Device.ReadRegister(register, identity));
        return status != SensorStatus.Ok || identity[0] == expected ? status : SensorStatus.WrongChip;
    }

    private protected static ushort BigEndian(ReadOnlySpan<byte> bytes) => (ushort)((bytes[0] << 8) | bytes[1]);
}
