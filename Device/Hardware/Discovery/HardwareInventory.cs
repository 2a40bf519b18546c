using System.Globalization;
using Edge.Hardware.Cameras;
using Edge.Hardware.Gpio;
using Edge.Hardware.Health;
using Edge.Hardware.Sensors;
using Edge.Hardware.Sensors.Sysfs;

namespace Edge.Hardware.Discovery;

/// <summary>What is plugged into this machine.</summary>
public sealed record HardwareInventory
{
    /// <summary>The cameras, with formats, sizes and rates.</summary>
    public required IReadOnlyList<FoundCamera> Cameras { get; init; }

    /// <summary>The I²C buses.</summary>
    public required IReadOnlyList<FoundBus> Buses { get; init; }

    /// <summary>The GPIO chips.</summary>
    public required IReadOnlyList<GpioChipInfo> GpioChips { get; init; }

    /// <summary>The sensors that the kernel drives, with what they measure at this moment.</summary>
    public required IReadOnlyList<FoundSensor> Sensors { get; init; }

    /// <summary>The board itself.</summary>
    public required BoardHealth Board { get; init; }

    /// <summary>Looks at everything; chips that measure are asked to measure once.</summary>
    public static HardwareInventory Take() => new()
    {
        Cameras = ListCameras(),
        Buses = BusScan.ScanAll(),
        GpioChips = GpioFinder.List(),
        Sensors = ListSensors(),
        Board = BoardHealth.Look(),
    };

    private static List<FoundCamera> ListCameras()
    {
        var cameras = new List<FoundCamera>();
        foreach (CameraInfo camera in CameraFinder.List())
        {
            var modes = new List<string>();
            foreach (CameraSize size in CameraFinder.Sizes(camera.Path))
            {
                bool isRange = size.MinimumWidth != size.MaximumWidth || size.MinimumHeight != size.MaximumHeight;
                string from = isRange ? $"{size.MinimumWidth}x{size.MinimumHeight} to " : "";
                string rate = size.Rate > 0 ? string.Create(CultureInfo.InvariantCulture, $" at {size.Rate:0.##}") : "";
                modes.Add($"{size.Format} {from}{size.MaximumWidth}x{size.MaximumHeight}{rate}");
            }
            cameras.Add(new FoundCamera(camera.Path, camera.Card, camera.Driver, camera.Bus, modes));
        }
        return cameras;
    }

    private static List<FoundSensor> ListSensors()
    {
        var found = new List<FoundSensor>();
        var sensors = new List<ISensor>();
        sensors.AddRange(IioSensors.List());
        sensors.AddRange(HwmonSensors.List());
        sensors.AddRange(Ds18b20.List());
        foreach (ISensor sensor in sensors)
        {
            found.Add(new FoundSensor(sensor.Name, BusScan.Measure(sensor)));
        }
        return found;
    }
}
