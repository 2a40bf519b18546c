using Edge.Hardware.I2c;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.I2c;

namespace Edge.Hardware.Tests;

/// <summary>What goes to the kernel for a transfer, on an adapter for I²C and on one for SMBus only.</summary>
public sealed class I2cBusTests
{
    [Fact]
    public void Transfer_PlainAdapter_IsOneTransactionOfMessages()
    {
        var adapter = new Adapter(I2cIoctl.FunctionI2c);
        using I2cBus bus = I2cBus.Open(adapter, "i2c-9");
        byte[] read = new byte[3];
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [0xd0], read));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [1, 2, 3], []));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x44, [], read));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x44, [], []));
        Assert.Equal(["rdwr 76w d0, 76r 3", "rdwr 76w 010203", "rdwr 44r 3", "rdwr 44w "], adapter.Seen);
        Assert.Equal([0xa0, 0xa1, 0xa2], read);
    }

    [Fact]
    public void Transfer_SmbusAdapter_PutsTheSameBytesOnTheWires()
    {
        var adapter = new Adapter(0);
        using I2cBus bus = I2cBus.Open(adapter, "i2c-9");
        byte[] read = new byte[3];
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [0xd0], read));
        Assert.Equal([0xa0, 0xa1, 0xa2], read);
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [0xd0], read.AsSpan(0, 1)));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [], read.AsSpan(0, 1)));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [0xf4], []));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [0xf4, 0x25], []));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [0x01, 0xc3, 0x83], []));
        Assert.Equal(I2cStatus.Ok, bus.Transfer(0x76, [], []));
        Assert.Equal(["76 size 8 read d0 03", "76 size 2 read d0", "76 size 1 read 00", "76 size 1 write f4", "76 size 2 write f4 25", "76 size 8 write 01 02c383", "76 size 0 write 00"], adapter.Seen);
    }

    [Fact]
    public void Transfer_SmbusAdapterAndMoreThanItCan_IsNotSupported()
    {
        using I2cBus bus = I2cBus.Open(new Adapter(0), "i2c-9");
        Assert.Equal(I2cStatus.NotSupported, bus.Transfer(0x44, [0x24, 0x00], new byte[6]));
        Assert.Equal(I2cStatus.NotSupported, bus.Transfer(0x44, [], new byte[6]));
        Assert.Equal(I2cStatus.NotSupported, bus.Transfer(0x44, [1], new byte[33]));
    }

    [Theory]
    [InlineData(Errno.NoSuchAddress, I2cStatus.NoAcknowledge)]
    [InlineData(Errno.RemoteInputOutput, I2cStatus.NoAcknowledge)]
    [InlineData(Errno.NoDevice, I2cStatus.NoAcknowledge)]
    [InlineData(Errno.TimedOut, I2cStatus.BusFailed)]
    [InlineData(Errno.InputOutput, I2cStatus.BusFailed)]
    [InlineData(Errno.NotSupported, I2cStatus.NotSupported)]
    public void Transfer_AdapterFails_IsAStatus(int errno, I2cStatus status)
    {
        using I2cBus bus = I2cBus.Open(new Adapter(I2cIoctl.FunctionI2c) { Error = errno }, "i2c-9");
        Assert.Equal(status, bus.Transfer(0x44, [1], []));
    }

    private sealed unsafe class Adapter(ulong functions) : KernelFile
    {
        private nint _slave;

        internal List<string> Seen { get; } = [];

        internal int Error { get; init; }

        internal override int Control(uint request, void* argument)
        {
            switch (request)
            {
                case I2cIoctl.Functions:
                    *(ulong*)argument = functions;
                    return 0;
                case I2cIoctl.Slave:
                    _slave = (nint)argument;
                    return 0;
                case I2cIoctl.ReadWrite:
                    Seen.Add("rdwr " + string.Join(", ", Messages((I2cTransaction*)argument)));
                    return Error == 0 ? (int)((I2cTransaction*)argument)->Count : -Error;
                case I2cIoctl.Smbus:
                    Seen.Add(Smbus((SmbusTransaction*)argument));
                    return -Error;
                default:
                    return -Errno.NotTerminal;
            }
        }

        internal override int Wait(short events, int timeoutMilliseconds) => 0;

        internal override int Read(Span<byte> target) => -Errno.Invalid;

        internal override nint Map(uint length, uint offset) => 0;

        internal override void Unmap(nint address, uint length)
        {
        }

        public override void Dispose()
        {
        }

        private static List<string> Messages(I2cTransaction* transaction)
        {
            var messages = new List<string>();
            for (int i = 0; i < transaction->Count; i++)
            {
                I2cMessage message = transaction->Messages[i];
                bool isRead = (message.Flags & I2cMessage.FlagRead) != 0;
                var bytes = new Span<byte>(message.Buffer, message.Length);
                messages.Add($"{message.Address:x2}{(isRead ? $"r {bytes.Length}" : $"w {Convert.ToHexStringLower(bytes)}")}");
                for (int k = 0; k < bytes.Length && isRead; k++)
                {
                    bytes[k] = (byte)(0xa0 + k);
                }
            }
            return messages;
        }

        private string Smbus(SmbusTransaction* transaction)
        {
            bool isRead = transaction->Direction == SmbusTransaction.Read;
            bool isBlock = transaction->Size == SmbusTransaction.I2cBlock;
            string text = $"{_slave:x2} size {transaction->Size} {(isRead ? "read" : "write")} {transaction->Command:x2}";
            if (transaction->Data != null && (isBlock || !isRead))
            {
                text += " " + Convert.ToHexStringLower(new Span<byte>(transaction->Data->Block, isBlock ? 1 + (isRead ? 0 : transaction->Data->Block[0]) : 1));
            }
            for (int i = 0; isRead && i < 32; i++)
            {
                transaction->Data->Block[isBlock ? 1 + i : i] = (byte)(0xa0 + i);
            }
            return text;
        }
    }
}
