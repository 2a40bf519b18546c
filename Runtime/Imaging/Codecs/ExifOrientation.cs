using System.Buffers.Binary;

namespace Edge.Imaging;

/// <summary>Finds out how a camera was held: the Orientation tag (0x0112) of EXIF 2.3, section 4.6.4.</summary>
internal static class ExifOrientation
{
    /// <summary>Row 0 is the top and column 0 the left side.</summary>
    internal const int Upright = 1;

    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int EntryBytes = 12;

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    /// <summary>True if the image lies on its side: its columns are the file's rows.</summary>
    internal static bool Swaps(int orientation) => orientation >= 5;

    /// <summary>The orientation of a JPEG file, 1 to 8; 1 where the file says none that can be.</summary>
    internal static int OfJpeg(ReadOnlySpan<byte> jpeg)
    {
        const int Marker = 0xff, App1 = 0xe1, StartOfScan = 0xda;
        // Every segment before the pixels is FF, its kind, and a length that counts itself.
        for (int at = 2; at + 4 <= jpeg.Length && jpeg[at] == Marker && jpeg[at + 1] != StartOfScan;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length)
            {
                break;
            }
            ReadOnlySpan<byte> body = jpeg.Slice(at + 4, length - 2);
            if (jpeg[at + 1] == App1 && body.StartsWith(ExifName))
            {
                return OfTiff(body[ExifName.Length..]);
            }
            at += 2 + length;
        }
        return Upright;
    }

    private static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        const int Header = 8;
        if (tiff.Length < Header)
        {
            return Upright;
        }
        bool little = tiff.StartsWith("II"u8);
        uint directory = Read32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return Upright;
        }
        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        int count = Math.Min(Read16(tiff[(int)directory..], little), entries.Length / EntryBytes);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * EntryBytes, EntryBytes);
            if (Read16(entry, little) == OrientationTag && Read16(entry[2..], little) == ShortType)
            {
                int orientation = Read16(entry[8..], little);
                return orientation is >= 1 and <= 8 ? orientation : Upright;
            }
        }
        return Upright;
    }

    private static int Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
