using System.Buffers.Binary;

namespace Edge.VirtualBoard.Tests;

/// <summary>The record of every packet on the board's network (the file format of pcap).</summary>
internal static class PacketRecord
{
    private const int FileHeader = 24;
    private const int PacketHeader = 16;
    private const int EthernetHeader = 14;
    private const byte Tcp = 6;

    private static readonly byte[] BoardMac = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];
    private static readonly byte[] Broker = [10, 0, 2, 100];

    /// <summary>What the board sent: packets to the broker's port, and a line for each packet that went elsewhere.</summary>
    internal static (int ToBroker, List<string> Elsewhere) Sent(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        ReadOnlySpan<byte> bytes = memory.ToArray();
        int toBroker = 0;
        var elsewhere = new List<string>();
        for (int at = FileHeader; at + PacketHeader <= bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 8)..]);
            at += PacketHeader;
            if (at + length > bytes.Length)
            {
                break;
            }
            ReadOnlySpan<byte> packet = bytes.Slice(at, length);
            at += length;
            if (!packet.Slice(6, 6).SequenceEqual(BoardMac) || IsQuestionForAnAddress(packet))
            {
                continue;
            }
            if (IsToBroker(packet))
            {
                toBroker++;
            }
            else
            {
                elsewhere.Add(Convert.ToHexStringLower(packet[..Math.Min(64, packet.Length)]));
            }
        }
        return (toBroker, elsewhere);
    }

    /// <summary>ARP: without it no packet finds its way on an Ethernet.</summary>
    private static bool IsQuestionForAnAddress(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[12..]) == 0x0806;

    private static bool IsToBroker(ReadOnlySpan<byte> packet)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[12..]) != 0x0800)
        {
            return false;
        }
        ReadOnlySpan<byte> ip = packet[EthernetHeader..];
        return ip[9] == Tcp && ip.Slice(16, 4).SequenceEqual(Broker) && BinaryPrimitives.ReadUInt16BigEndian(ip[(((ip[0] & 0x0f) * 4) + 2)..]) == 1883;
    }
}
