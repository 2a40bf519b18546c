using System.Diagnostics;
using System.Runtime.InteropServices;
using Edge.Hardware.Gpio;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.Gpio;
using Edge.Runtime.Configuration;
using GpioChipInfo = Edge.Hardware.Linux.Gpio.GpioChipInfo;

namespace Edge.Runtime.Tests;

/// <summary>A GPIO chip at the level of ioctls and of the events that are read from a line.</summary>
internal sealed unsafe class FakeGpioChip
{
    private const int Lines = 8;
    private const int NoDevice = 19;

    private readonly object _gate = new();
    private readonly Queue<(bool IsRising, uint Sequence, long Time)>[] _changes = [.. Enumerable.Range(0, Lines).Select(_ => new Queue<(bool, uint, long)>())];
    private readonly uint[] _sequences = new uint[Lines];
    private readonly bool[] _values = new bool[Lines];
    private bool _isGone;

    /// <summary>How often a line was asked for.</summary>
    internal int Requests { get; private set; }

    /// <summary>Takes the chip away, or puts it back.</summary>
    internal bool IsGone
    {
        set
        {
            lock (_gate)
            {
                _isGone = value;
                Monitor.PulseAll(_gate);
            }
        }
    }

    internal bool Value(int line)
    {
        lock (_gate)
        {
            return _values[line];
        }
    }

    /// <summary>Changes an input.</summary>
    /// <param name="line">The line.</param>
    /// <param name="value">What it becomes.</param>
    /// <param name="lost">Changes that the kernel forgets before this one.</param>
    internal long Change(int line, bool value, uint lost = 0)
    {
        lock (_gate)
        {
            long time = Stopwatch.GetTimestamp();
            _sequences[line] += 1 + lost;
            _values[line] = value;
            _changes[line].Enqueue((value, _sequences[line], time));
            Monitor.PulseAll(_gate);
            return time;
        }
    }

    /// <summary>Asks for a line as the runtime does.</summary>
    internal GpioLine Open(GpioConfig config)
    {
        var request = new GpioLineConfig { Flags = config.IsOutput ? GpioLineConfig.FlagOutput : GpioLineConfig.FlagInput };
        if (config.IsOutput)
        {
            request.AttributeCount = 1;
            request.Attribute[0] = new GpioLineConfigAttribute { Attribute = new GpioLineAttribute { Id = GpioLineAttribute.IdOutputValues, Values = config.Active ? 1u : 0 }, Mask = 1 };
        }
#pragma warning disable CA2000 // The line disposes it.
        return GpioLine.Open(new File(this, -1), $"/dev/{config.Chip}", config.Line, request, config.ActiveLow, line => new File(this, line));
#pragma warning restore CA2000
    }

    private int Request(GpioLineRequest* request)
    {
        int line = (int)request->Offsets[0];
        Requests++;
        if ((request->Config.Flags & GpioLineConfig.FlagOutput) != 0)
        {
            _values[line] = request->Config.Attribute[0].Attribute.Values != 0;
        }
        _changes[line].Clear();
        _sequences[line] = 0;
        request->Descriptor = line;
        return 0;
    }

    private sealed class File(FakeGpioChip chip, int line) : KernelFile
    {
        internal override int Control(uint request, void* argument)
        {
            lock (chip._gate)
            {
                if (chip._isGone)
                {
                    return -NoDevice;
                }
                if (request == GpioIoctl.ChipInfo)
                {
                    ((GpioChipInfo*)argument)->Lines = Lines;
                }
                else if (request == GpioIoctl.RequestLines)
                {
                    return chip.Request((GpioLineRequest*)argument);
                }
                else if (request == GpioIoctl.GetValues)
                {
                    ((GpioLineValues*)argument)->Bits = chip._values[line] ? 1u : 0;
                }
                else if (request == GpioIoctl.SetValues)
                {
                    chip._values[line] = (((GpioLineValues*)argument)->Bits & 1) != 0;
                }
                return 0;
            }
        }

        internal override int Wait(short events, int timeoutMilliseconds)
        {
            lock (chip._gate)
            {
                if (chip._changes[line].Count == 0 && !chip._isGone)
                {
                    Monitor.Wait(chip._gate, timeoutMilliseconds);
                }
                return chip._isGone ? -NoDevice : chip._changes[line].Count > 0 ? PollDescriptor.In : 0;
            }
        }

        internal override int Read(Span<byte> target)
        {
            lock (chip._gate)
            {
                (bool isRising, uint sequence, long time) = chip._changes[line].Dequeue();
                var change = new GpioLineEvent { Nanoseconds = (ulong)time, Id = isRising ? GpioLineEvent.RisingEdge : GpioLineEvent.FallingEdge, Offset = (uint)line, LineSequence = sequence };
                MemoryMarshal.Write(target, in change);
                return sizeof(GpioLineEvent);
            }
        }

        internal override nint Map(uint length, uint offset) => 0;

        internal override void Unmap(nint address, uint length)
        {
        }

        public override void Dispose()
        {
        }
    }
}
