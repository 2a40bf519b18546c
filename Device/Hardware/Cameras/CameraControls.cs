using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Cameras;

/// <summary>Controls of a camera.</summary>
internal static unsafe class CameraControls
{
    private const int Maximum = 512;

    internal static List<CameraControl> List(KernelFile file)
    {
        var controls = new List<CameraControl>();
        uint id = 0;
        for (int i = 0; i < Maximum; i++)
        {
            var query = new V4l2QueryControl { Id = id | V4l2QueryControl.NextControl };
            // A driver that does not move on would be asked for ever.
            if (file.Control(VideoIoctl.QueryControl, &query) < 0 || query.Id <= id)
            {
                break;
            }
            id = query.Id;
            if ((query.Flags & (V4l2QueryControl.FlagDisabled | V4l2QueryControl.FlagReadOnly)) == 0)
            {
                controls.Add(new CameraControl(id, Name(FixedText.Read(query.Name, 32)), query.Minimum, query.Maximum, query.Default));
            }
        }
        return controls;
    }

    internal static void Apply(KernelFile file, string path, IReadOnlyDictionary<string, int>? wishes)
    {
        foreach ((string name, int value) in wishes ?? new Dictionary<string, int>())
        {
            Set(file, path, name, value);
        }
    }

    internal static void Set(KernelFile file, string path, string name, int value)
    {
        var names = new List<string>();
        foreach (CameraControl control in List(file))
        {
            names.Add(control.Name);
            if (control.Name == name)
            {
                var setting = new V4l2Control { Id = control.Id, Value = value };
                int result = file.Control(VideoIoctl.SetControl, &setting);
                if (result < 0)
                {
                    throw new HardwareException($"{path}: refuses {name}={value} ({Errno.Describe(result)}): it takes {control.Minimum} to {control.Maximum}");
                }
                return;
            }
        }
        throw new HardwareException($"{path}: has no control {name}: it has {(names.Count == 0 ? "none" : string.Join(", ", names))}");
    }

    private static string Name(string text)
    {
        char[] name = text.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
        }
        string collapsed = new(name);
        while (collapsed.Contains("__", StringComparison.Ordinal))
        {
            collapsed = collapsed.Replace("__", "_", StringComparison.Ordinal);
        }
        return collapsed.Trim('_');
    }
}
