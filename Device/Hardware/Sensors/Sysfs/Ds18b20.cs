using System.Buffers.Text;

namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>
/// Maxim DS18B20 on a 1-wire bus, read by the kernel's w1_therm driver (Documentation/w1/slaves/w1_therm.rst): the attribute
/// <c>w1_slave</c> has the checksum's verdict at the end of its first line and the temperature in thousandths at the end of the second.
/// </summary>
public sealed class Ds18b20 : ISensor
{
    // What the chip holds after power-on, before it has measured (DS18B20 datasheet 19-7487, page 4, table 1).
    private const int PowerOnValue = 85_000;

    private readonly SysfsFile _file;
    private readonly double[] _values = new double[1];
    private bool _hasMeasured;

    /// <summary>Describes a sensor.</summary>
    /// <param name="folder">Its folder, as <c>/sys/bus/w1/devices/28-0000071c2b3d</c>.</param>
    public Ds18b20(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _file = new SysfsFile(Path.Combine(folder, "w1_slave"));
        Name = $"ds18b20@{Path.GetFileName(folder.TrimEnd('/'))}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SensorChannel> Channels { get; } = [new SensorChannel("temperature", "°C")];

    /// <summary>Every sensor that the kernel has found.</summary>
    /// <param name="root">Where <c>sys</c> is: <c>/</c>, or a copy.</param>
    public static IReadOnlyList<Ds18b20> List(string root = "/") =>
        Array.ConvertAll(SysfsFolders.List(Path.Combine(root, "sys/bus/w1/devices"), "28-*"), folder => new Ds18b20(folder));

    /// <inheritdoc/>
    public bool TryRead(SensorReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ReadOnlySpan<byte> text = _file.Read(out SensorStatus status);
        if (status == SensorStatus.Ok)
        {
            status = Parse(text);
        }
        return reading.Take(status, _values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private SensorStatus Parse(ReadOnlySpan<byte> text)
    {
        int lineEnd = text.IndexOf((byte)'\n');
        int at = text.LastIndexOf("t="u8);
        if (lineEnd < 0 || at < lineEnd || !Utf8Parser.TryParse(text[(at + 2)..], out int thousandths, out _))
        {
            return SensorStatus.Invalid;
        }
        if (!text[..lineEnd].EndsWith("YES"u8))
        {
            return SensorStatus.BadChecksum;
        }
        _values[0] = thousandths / 1000.0;
        bool isPowerOn = thousandths == PowerOnValue && !_hasMeasured;
        _hasMeasured |= !isPowerOn;
        return isPowerOn ? SensorStatus.NotReady : thousandths is < -55_000 or > 125_000 ? SensorStatus.Invalid : SensorStatus.Ok;
    }
}
