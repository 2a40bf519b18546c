using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors;

/// <summary>A kind of chip that is supported.</summary>
/// <param name="Kind">Its name in configurations: <c>bme280</c>.</param>
/// <param name="Addresses">Where it can be, the usual address first.</param>
/// <param name="Create">Makes its driver.</param>
/// <param name="Recognize">
/// Whether a chip that answers is of this kind, by what only such a chip says; null where nothing tells it from others.
/// </param>
public sealed record SensorChip(string Kind, IReadOnlyList<int> Addresses, Func<I2cDevice, I2cSensor> Create, Func<I2cDevice, bool>? Recognize);
