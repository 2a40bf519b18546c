using System.Globalization;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.I2c;

namespace Edge.Hardware.I2c;

/// <summary>
/// A bus of the kernel (i2c-dev): whole transfers by I2C_RDWR, or, where the adapter speaks SMBus only, by the SMBus transfers
/// that put the same bytes on the wires.
/// </summary>
public sealed unsafe class I2cBus : II2cBus
{
    private readonly KernelFile _file;
    private readonly ulong _functions;
    private readonly ManualResetEventSlim _never = new();

    private I2cBus(KernelFile file, string name)
    {
        (_file, Name) = (file, name);
        ulong functions = 0;
        int result = file.Control(I2cIoctl.Functions, &functions);
        if (result < 0)
        {
            file.Dispose();
            throw new HardwareException($"{name}: is no I²C bus ({Errno.Describe(result)})");
        }
        _functions = functions;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether the adapter does whole I²C transfers, not only those of SMBus.</summary>
    public bool IsPlain => (_functions & I2cIoctl.FunctionI2c) != 0;

    /// <summary>Opens a bus.</summary>
    /// <param name="bus">Its number, its name (<c>i2c-1</c>) or its device file.</param>
    /// <exception cref="HardwareException">There is no such bus, or this user may not use it.</exception>
    public static I2cBus Open(string bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        string path = bus.StartsWith('/') ? bus : bus.StartsWith("i2c-", StringComparison.Ordinal) ? "/dev/" + bus : "/dev/i2c-" + bus;
#pragma warning disable CA2000 // The bus disposes it.
        return new I2cBus(DeviceFile.Open(path), Path.GetFileName(path));
#pragma warning restore CA2000
    }

    /// <summary>The numbers of the buses of this machine.</summary>
    public static IReadOnlyList<int> List()
    {
        var numbers = new List<int>();
        foreach (string path in Directory.GetFiles("/dev", "i2c-*"))
        {
            if (int.TryParse(path.AsSpan("/dev/i2c-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                numbers.Add(number);
            }
        }
        numbers.Sort();
        return numbers;
    }

    /// <inheritdoc/>
    public I2cStatus Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)address, 0x7fu, nameof(address));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(write.Length, 8192, nameof(write));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(read.Length, 8192, nameof(read));
        return IsPlain ? TransferPlain(address, write, read) : TransferSmbus(address, write, read);
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan time) => _never.Wait(time);

    /// <summary>Closes the bus.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _never.Dispose();
    }

    /// <summary>Takes a file over.</summary>
    internal static I2cBus Open(KernelFile file, string name) => new(file, name);

    private static I2cStatus StatusOf(int result) => result >= 0 ? I2cStatus.Ok : -result switch
    {
        // Adapters differ in what they say when nobody acknowledges.
        Errno.NoSuchAddress or Errno.RemoteInputOutput or Errno.NoDevice => I2cStatus.NoAcknowledge,
        Errno.NotSupported or Errno.Invalid => I2cStatus.NotSupported,
        _ => I2cStatus.BusFailed,
    };

    private I2cStatus TransferPlain(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        I2cMessage* messages = stackalloc I2cMessage[2];
        uint count = 0;
        fixed (byte* toWrite = write)
        fixed (byte* toRead = read)
        {
            if (write.Length > 0 || read.Length == 0)
            {
                messages[count++] = new I2cMessage { Address = (ushort)address, Length = (ushort)write.Length, Buffer = toWrite };
            }
            if (read.Length > 0)
            {
                messages[count++] = new I2cMessage { Address = (ushort)address, Flags = I2cMessage.FlagRead, Length = (ushort)read.Length, Buffer = toRead };
            }
            var transaction = new I2cTransaction { Messages = messages, Count = count };
            return StatusOf(_file.Control(I2cIoctl.ReadWrite, &transaction));
        }
    }

    private I2cStatus TransferSmbus(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        var data = new SmbusData();
        var transaction = new SmbusTransaction { Data = &data, Command = write.Length > 0 ? write[0] : (byte)0 };
        switch (write.Length, read.Length)
        {
            case (0, 0):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.Quick, SmbusTransaction.Write);
                transaction.Data = null;
                break;
            case (0, 1):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.Byte, SmbusTransaction.Read);
                break;
            case (1, 0):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.Byte, SmbusTransaction.Write);
                transaction.Data = null;
                break;
            case (2, 0):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.ByteData, SmbusTransaction.Write);
                data.Block[0] = write[1];
                break;
            case ( > 2 and <= SmbusData.MaximumBlock + 1, 0):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.I2cBlock, SmbusTransaction.Write);
                data.Block[0] = (byte)(write.Length - 1);
                write[1..].CopyTo(new Span<byte>(data.Block + 1, SmbusData.MaximumBlock));
                break;
            case (1, 1):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.ByteData, SmbusTransaction.Read);
                break;
            case (1, > 1 and <= SmbusData.MaximumBlock):
                (transaction.Size, transaction.Direction) = (SmbusTransaction.I2cBlock, SmbusTransaction.Read);
                data.Block[0] = (byte)read.Length;
                break;
            default:
                return I2cStatus.NotSupported;
        }
        int result = _file.Control(I2cIoctl.Slave, (void*)address);
        result = result < 0 ? result : _file.Control(I2cIoctl.Smbus, &transaction);
        if (result < 0)
        {
            return StatusOf(result);
        }
        if (transaction.Size == SmbusTransaction.I2cBlock && read.Length > 0)
        {
            if (data.Block[0] != read.Length)
            {
                return I2cStatus.BusFailed;
            }
            new ReadOnlySpan<byte>(data.Block + 1, read.Length).CopyTo(read);
        }
        else if (read.Length > 0)
        {
            read[0] = data.Block[0];
        }
        return I2cStatus.Ok;
    }
}
