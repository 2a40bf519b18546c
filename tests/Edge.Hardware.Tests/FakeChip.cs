using Edge.Hardware.I2c;

namespace Edge.Hardware.Tests;

/// <summary>A bus with one chip at byte level: what is written is kept, and what it answers is looked up or scripted. Waiting takes no time.</summary>
internal sealed class FakeChip(int address) : II2cBus
{
    internal List<string> Written { get; } = [];

    /// <summary>What a read gives, by the bytes written last (hex), with their registers moving on for reads of several.</summary>
    internal Dictionary<string, byte[]> Answers { get; } = [];

    /// <summary>Transfers that are not acknowledged before the chip answers again.</summary>
    internal int Refusals { get; set; }

    internal TimeSpan Waited { get; private set; }

    public string Name => "fake";

    private string _last = "";

    public I2cStatus Transfer(int to, ReadOnlySpan<byte> write, Span<byte> read)
    {
        if (to != address || Refusals-- > 0)
        {
            return I2cStatus.NoAcknowledge;
        }
        Refusals = 0;
        if (write.Length > 0)
        {
            _last = Convert.ToHexStringLower(write);
            Written.Add(_last);
        }
        if (read.Length > 0)
        {
            if (!Answers.TryGetValue(_last, out byte[]? answer) || answer.Length < read.Length)
            {
                return I2cStatus.NoAcknowledge;
            }
            answer.AsSpan(0, read.Length).CopyTo(read);
        }
        return I2cStatus.Ok;
    }

    public void Wait(TimeSpan time) => Waited += time;

    public void Dispose()
    {
    }
}
