using System.Diagnostics;

namespace Edge.Hardware.Sensors;

/// <summary>
/// What a sensor measured last, when, and how the latest attempt went. Used again for every attempt: where one fails, the values
/// of the last good one stay, <see cref="Status"/> says so, and <see cref="Age"/> grows. One thread at a time.
/// </summary>
public sealed class SensorReading
{
    private readonly double[] _values;

    /// <summary>Makes room for a sensor's values; all are NaN until it has been read.</summary>
    /// <param name="sensor">The sensor.</param>
    public SensorReading(ISensor sensor)
    {
        ArgumentNullException.ThrowIfNull(sensor);
        _values = new double[sensor.Channels.Count];
        _values.AsSpan().Fill(double.NaN);
    }

    /// <summary>One value a channel; NaN before the first good reading.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>How the latest attempt went.</summary>
    public SensorStatus Status { get; private set; } = SensorStatus.NeverRead;

    /// <summary>When the values were measured, in ticks of <see cref="Stopwatch"/>; 0 before the first good reading.</summary>
    public long Timestamp { get; private set; }

    /// <summary>How old the values are; null before the first good reading.</summary>
    public TimeSpan? Age => Timestamp == 0 ? null : Stopwatch.GetElapsedTime(Timestamp);

    /// <summary>Good attempts so far.</summary>
    public long Good { get; private set; }

    /// <summary>Failed attempts so far, without those that came before a measurement was ready.</summary>
    public long Failed { get; private set; }

    /// <summary>Takes the outcome of an attempt.</summary>
    /// <returns>Whether the values are new.</returns>
    internal bool Take(SensorStatus status, ReadOnlySpan<double> values)
    {
        if (status == SensorStatus.Ok && ContainsNoNumber(values))
        {
            status = SensorStatus.Invalid;
        }
        Status = status;
        if (status == SensorStatus.Ok)
        {
            values.CopyTo(_values);
            (Timestamp, Good) = (Stopwatch.GetTimestamp(), Good + 1);
            return true;
        }
        Failed += status == SensorStatus.NotReady ? 0 : 1;
        return false;
    }

    private static bool ContainsNoNumber(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return true;
            }
        }
        return false;
    }
}
