using Edge.Hardware.Linux;

namespace Edge.Hardware.Cameras;

/// <summary>Finds cameras. One that is unplugged and plugged in again may get another number; its name and its bus stay.</summary>
public static class CameraFinder
{
    private const int Maximum = 64;

    /// <summary>The cameras that are plugged in and may be opened, by the number of their device files.</summary>
    public static IReadOnlyList<CameraInfo> List()
    {
        var cameras = new List<CameraInfo>();
        for (int i = 0; i < Maximum; i++)
        {
            string path = $"/dev/video{i}";
            if (!File.Exists(path))
            {
                continue;
            }
            try
            {
                using DeviceFile file = DeviceFile.Open(path);
                if (CameraQueries.Introduce(file, path, out _) is { } camera)
                {
                    cameras.Add(camera);
                }
            }
            catch (HardwareException)
            {
                // Another program's, or gone while we looked: it is none that can be used.
            }
        }
        return cameras;
    }

    /// <summary>The device file of a camera.</summary>
    /// <param name="device">A device file, or part of the camera's name or bus.</param>
    /// <exception cref="HardwareException">No camera fits, or several do.</exception>
    public static string Find(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.StartsWith('/'))
        {
            return device;
        }
        string? found = null;
        foreach (CameraInfo camera in List())
        {
            if (camera.Card.Contains(device, StringComparison.OrdinalIgnoreCase) || camera.Bus.Contains(device, StringComparison.OrdinalIgnoreCase))
            {
                found = found is null
                    ? camera.Path
                    : throw new HardwareException($"\"{device}\": {found} and {camera.Path} both fit: give more of the name, or the bus");
            }
        }
        return found ?? throw new HardwareException($"\"{device}\": no camera of that name or bus is plugged in: edge-runtime doctor --hardware lists them");
    }

    /// <summary>Formats and sizes of a camera.</summary>
    /// <param name="path">Its device file.</param>
    /// <exception cref="HardwareException">It cannot be opened.</exception>
    public static IReadOnlyList<CameraSize> Sizes(string path)
    {
        using DeviceFile file = DeviceFile.Open(path);
        var sizes = new List<CameraSize>();
        _ = CameraQueries.Introduce(file, path, out VideoQueue queue);
        foreach (FourCC format in CameraQueries.Formats(file, queue))
        {
            sizes.AddRange(CameraQueries.Sizes(file, format));
        }
        return sizes;
    }
}
