using System.Globalization;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.Gpio;

namespace Edge.Hardware.Gpio;

/// <summary>Finds chips and lines.</summary>
public static unsafe class GpioFinder
{
    private const int MaximumLines = 4096;

    /// <summary>The chips of this machine that may be opened.</summary>
    public static IReadOnlyList<GpioChipInfo> List()
    {
        var chips = new List<GpioChipInfo>();
        string[] paths = Directory.GetFiles("/dev", "gpiochip*");
        Array.Sort(paths, StringComparer.Ordinal);
        foreach (string path in paths)
        {
            try
            {
                using DeviceFile file = DeviceFile.Open(path);
                if (Introduce(file, path) is { } chip)
                {
                    chips.Add(chip);
                }
            }
            catch (HardwareException)
            {
                // Not this user's: it is none that can be used.
            }
        }
        return chips;
    }

    /// <summary>What a chip says about itself; null if it is none.</summary>
    internal static GpioChipInfo? Introduce(KernelFile file, string path)
    {
        Linux.Gpio.GpioChipInfo info = default;
        return file.Control(GpioIoctl.ChipInfo, &info) >= 0
            ? new GpioChipInfo(path, FixedText.Read(info.Name, 32), FixedText.Read(info.Label, 32), (int)Math.Min(info.Lines, MaximumLines))
            : null;
    }

    /// <summary>The number of a line.</summary>
    /// <param name="file">The chip.</param>
    /// <param name="path">Its device file.</param>
    /// <param name="line">The number, or the name that the board gives the line.</param>
    /// <exception cref="HardwareException">There is no such line.</exception>
    internal static uint Find(KernelFile file, string path, string line)
    {
        GpioChipInfo chip = Introduce(file, path) ?? throw new HardwareException($"{path}: is no GPIO chip: edge-runtime doctor --hardware lists them");
        bool isNumber = uint.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        for (uint i = 0; i < chip.Lines && !isNumber; i++)
        {
            var info = new GpioLineInfo { Offset = i };
            if (file.Control(GpioIoctl.LineInfo, &info) >= 0 && FixedText.Read(info.Name, 32) == line)
            {
                return i;
            }
        }
        return isNumber && number < chip.Lines
            ? number
            : throw new HardwareException($"{path}: has no line {line}: give a name that gpioinfo shows, or a number below {chip.Lines}");
    }
}
