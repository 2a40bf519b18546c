namespace Edge.Hardware.I2c;

/// <summary>A chip on a bus: transfers to its address, repeated when they fail for a moment.</summary>
/// <param name="bus">The bus; not disposed.</param>
/// <param name="address">The chip's address, 7 bits.</param>
public sealed class I2cDevice(II2cBus bus, int address)
{
    private const int Attempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Bus and address, as <c>i2c-1:0x76</c>.</summary>
    public string Place { get; } = $"{bus.Name}:0x{address:x2}";

    /// <summary>Transfers that had to be repeated so far.</summary>
    public long Repeated { get; private set; }

    /// <summary>Writes.</summary>
    /// <param name="bytes">What is written.</param>
    public I2cStatus Write(params ReadOnlySpan<byte> bytes) => Transfer(bytes, []);

    /// <summary>Reads.</summary>
    /// <param name="target">Gets the bytes.</param>
    public I2cStatus Read(Span<byte> target) => Transfer([], target);

    /// <summary>Reads from a register, or behind a command of one byte.</summary>
    /// <param name="register">The register.</param>
    /// <param name="target">Gets the bytes.</param>
    public I2cStatus ReadRegister(byte register, Span<byte> target) => Transfer([register], target);

    /// <summary>Writes a command of 16 bits, high byte first.</summary>
    /// <param name="command">The command.</param>
    public I2cStatus Command(ushort command) => Transfer([(byte)(command >> 8), (byte)command], []);

    /// <summary>Waits while the chip works.</summary>
    /// <param name="milliseconds">How long.</param>
    public void Wait(double milliseconds) => bus.Wait(TimeSpan.FromMilliseconds(milliseconds));

    private I2cStatus Transfer(ReadOnlySpan<byte> write, Span<byte> read)
    {
        I2cStatus status = bus.Transfer(address, write, read);
        for (int i = 1; i < Attempts && status is I2cStatus.NoAcknowledge or I2cStatus.BusFailed; i++)
        {
            bus.Wait(Pause);
            Repeated++;
            status = bus.Transfer(address, write, read);
        }
        return status;
    }
}
