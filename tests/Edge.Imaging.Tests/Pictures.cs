using System.Buffers.Binary;
using System.IO.Compression;

namespace Edge.Imaging.Tests;

/// <summary>Images and files that the tests make themselves.</summary>
internal static class Pictures
{
    /// <summary>A smooth colourful image, which JPEG keeps well.</summary>
    internal static PixelBuffer Smooth(int width, int height, PixelFormat format)
    {
        var buffer = new PixelBuffer();
        buffer.Resize(width, height, format);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = buffer.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                int x = i / buffer.Channels, c = i % buffer.Channels;
                row[i] = (byte)(128 + (100 * Math.Sin((x * (0.02 + (0.01 * c))) + (y * 0.03) + c)));
            }
        }
        return buffer;
    }

    /// <summary>Noise: every pixel different from its neighbours.</summary>
    internal static PixelBuffer Noise(int width, int height, PixelFormat format, int seed)
    {
        var buffer = new PixelBuffer();
        buffer.Resize(width, height, format);
        new Random(seed).NextBytes(buffer.Pixels);
        return buffer;
    }

    /// <summary>A PNG written without libpng: 8 or 16 bits, grey (0), RGB (2), grey+alpha (4) or RGBA (6), no filter.</summary>
    internal static byte[] Png(int width, int height, int colorType, int depth, byte[] rows)
    {
        int stride = rows.Length / height;
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(raw, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(rows, y * stride, stride);
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)colorType);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", header), .. Chunk("IDAT", raw.ToArray()), .. Chunk("IEND", [])];
    }

    internal static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        byte[] chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }
        return ~crc;
    }
}
