using Edge.Hardware.Linux;
using Edge.Hardware.Linux.Gpio;

namespace Edge.Hardware.Gpio;

/// <summary>A line that this process holds: an input with edges, or an output. The kernel gives it back when it is disposed.</summary>
public sealed unsafe class GpioLine : IDisposable
{
    private const int EventBytes = 48;
    private const string Consumer = "edge-runtime";

    private readonly KernelFile _file;

    private GpioLine(KernelFile file, string place) => (_file, Place) = (file, place);

    /// <summary>Chip and line, for messages.</summary>
    public string Place { get; }

    /// <summary>Whether the line is active (high, or low for one that is active low).</summary>
    /// <exception cref="HardwareException">The chip is gone, or does not let itself be read or driven.</exception>
    public bool Value
    {
        get
        {
            var values = new GpioLineValues { Mask = 1 };
            Check(_file.Control(GpioIoctl.GetValues, &values));
            return (values.Bits & 1) != 0;
        }
        set
        {
            var values = new GpioLineValues { Mask = 1, Bits = value ? 1u : 0 };
            Check(_file.Control(GpioIoctl.SetValues, &values));
        }
    }

    /// <summary>Asks for an input.</summary>
    /// <param name="chip">The chip's device file or name.</param>
    /// <param name="line">The line's number or name.</param>
    /// <param name="bias">What holds it.</param>
    /// <param name="isActiveLow">Whether low means active.</param>
    /// <param name="debounce">A change must last so long to count; zero for none.</param>
    /// <exception cref="HardwareException">There is no such line, or another program holds it.</exception>
    public static GpioLine OpenInput(string chip, string line, GpioBias bias = GpioBias.AsIs, bool isActiveLow = false, TimeSpan debounce = default)
    {
        ulong flags = GpioLineConfig.FlagInput | GpioLineConfig.FlagRising | GpioLineConfig.FlagFalling | bias switch
        {
            GpioBias.PullUp => GpioLineConfig.FlagBiasPullUp,
            GpioBias.PullDown => GpioLineConfig.FlagBiasPullDown,
            GpioBias.None => GpioLineConfig.FlagBiasDisabled,
            _ => 0,
        };
        var config = new GpioLineConfig { Flags = flags };
        if (debounce > TimeSpan.Zero)
        {
            Add(ref config, new GpioLineAttribute { Id = GpioLineAttribute.IdDebounce, DebounceMicroseconds = (uint)Math.Clamp(debounce.TotalMicroseconds, 1, uint.MaxValue) });
        }
        return Open(chip, line, config, isActiveLow);
    }

    /// <summary>Asks for an output.</summary>
    /// <param name="chip">The chip's device file or name.</param>
    /// <param name="line">The line's number or name.</param>
    /// <param name="value">Whether it is active from the first moment.</param>
    /// <param name="isActiveLow">Whether low means active.</param>
    /// <exception cref="HardwareException">There is no such line, or another program holds it.</exception>
    public static GpioLine OpenOutput(string chip, string line, bool value = false, bool isActiveLow = false)
    {
        var config = new GpioLineConfig { Flags = GpioLineConfig.FlagOutput };
        Add(ref config, new GpioLineAttribute { Id = GpioLineAttribute.IdOutputValues, Values = value ? 1u : 0 });
        return Open(chip, line, config, isActiveLow);
    }

    /// <summary>Waits for the next change of an input.</summary>
    /// <param name="timeoutMilliseconds">The longest wait.</param>
    /// <returns>The change; null if none came.</returns>
    /// <exception cref="HardwareException">The chip is gone.</exception>
    public GpioEdge? WaitForEdge(int timeoutMilliseconds)
    {
        int happened = _file.Wait(PollDescriptor.In, timeoutMilliseconds);
        if (happened == 0)
        {
            return null;
        }
        Check(happened);
        GpioLineEvent change = default;
        int count = _file.Read(new Span<byte>(&change, EventBytes));
        if (count == -Errno.TryAgain)
        {
            return null;
        }
        Check(count);
        return count == EventBytes
            ? new GpioEdge(change.Id == GpioLineEvent.RisingEdge, (long)change.Nanoseconds, change.LineSequence)
            : throw new HardwareException($"{Place}: the chip is gone");
    }

    /// <summary>Gives the line back.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Takes the chip's file over.</summary>
    internal static GpioLine Open(KernelFile file, string path, string line, GpioLineConfig config, bool isActiveLow, Func<int, KernelFile> open)
    {
        using (file)
        {
            GpioLineRequest request = default;
            request.Offsets[0] = GpioFinder.Find(file, path, line);
            request.LineCount = 1;
            request.Config = config;
            request.Config.Flags |= isActiveLow ? GpioLineConfig.FlagActiveLow : 0;
            FixedText.Write(Consumer, request.Consumer, 32);
            int result = file.Control(GpioIoctl.RequestLines, &request);
            return result >= 0
                ? new GpioLine(open(request.Descriptor), $"{path} line {line}")
                : throw new HardwareException($"{path} line {line}: cannot be had ({Errno.Describe(result)})");
        }
    }

    private static GpioLine Open(string chip, string line, GpioLineConfig config, bool isActiveLow)
    {
        ArgumentNullException.ThrowIfNull(chip);
        ArgumentNullException.ThrowIfNull(line);
        string path = chip.StartsWith('/') ? chip : $"/dev/{chip}";
#pragma warning disable CA2000 // Open disposes it.
        return Open(DeviceFile.Open(path), path, line, config, isActiveLow, descriptor => new DeviceFile(descriptor));
#pragma warning restore CA2000
    }

    private static void Add(ref GpioLineConfig config, GpioLineAttribute attribute)
    {
        config.Attribute[(int)config.AttributeCount] = new GpioLineConfigAttribute { Attribute = attribute, Mask = 1 };
        config.AttributeCount++;
    }

    private void Check(int result)
    {
        if (result < 0)
        {
            throw new HardwareException($"{Place}: {Errno.Describe(result)}");
        }
    }
}
