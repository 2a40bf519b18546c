namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>A sensor that the kernel drives itself, read by the attributes of its driver.</summary>
public sealed class SysfsSensor : ISensor
{
    private readonly SysfsFile[] _files;
    private readonly SysfsChannel[] _channels;
    private readonly double[] _values;

    internal SysfsSensor(string name, IReadOnlyList<SysfsChannel> channels)
    {
        Name = name;
        _channels = [.. channels];
        _files = Array.ConvertAll(_channels, channel => new SysfsFile(channel.Path));
        Channels = Array.ConvertAll(_channels, channel => channel.Channel);
        _values = new double[_channels.Length];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SensorChannel> Channels { get; }

    /// <inheritdoc/>
    public bool TryRead(SensorReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        SensorStatus status = SensorStatus.Ok;
        for (int i = 0; i < _files.Length && status == SensorStatus.Ok; i++)
        {
            status = _files[i].Read(out double number);
            _values[i] = (number + _channels[i].Offset) * _channels[i].Scale;
        }
        return reading.Take(status, _values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
