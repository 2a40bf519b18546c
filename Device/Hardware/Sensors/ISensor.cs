namespace Edge.Hardware.Sensors;

/// <summary>Something that measures. One thread at a time; after the first reading nothing is allocated on the managed heap.</summary>
public interface ISensor : IDisposable
{
    /// <summary>The kind and the place, as <c>bme280@i2c-1:0x76</c>.</summary>
    string Name { get; }

    /// <summary>What it measures.</summary>
    IReadOnlyList<SensorChannel> Channels { get; }

    /// <summary>Measures now, or fetches what was measured last; a sensor that was away is set up again first.</summary>
    /// <param name="reading">A reading made for this sensor.</param>
    /// <returns>Whether its values are new; otherwise its status says why not.</returns>
    bool TryRead(SensorReading reading);
}
