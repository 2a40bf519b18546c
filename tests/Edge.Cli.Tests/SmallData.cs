using System.Buffers.Binary;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>A data set of the tests' own: bright squares in one of four corners.</summary>
internal static class SmallData
{
    internal const int Side = 12;

    /// <summary>Writes the four IDX files into a folder.</summary>
    internal static string Write(TemporaryFolder folder, int train = 2000, int test = 400)
    {
        string path = folder["data"];
        Directory.CreateDirectory(path);
        WritePart(path, "train", train, seed: 1);
        WritePart(path, "t10k", test, seed: 2);
        return path;
    }

    private static void WritePart(string path, string part, int count, int seed)
    {
        var random = new Random(seed);
        byte[] images = new byte[16 + (count * Side * Side)];
        byte[] labels = new byte[8 + count];
        Header(images, 0x803, count, Side, Side);
        Header(labels, 0x801, count);
        for (int image = 0; image < count; image++)
        {
            Span<byte> pixels = images.AsSpan(16 + (image * Side * Side), Side * Side);
            for (int index = 0; index < pixels.Length; index++)
            {
                pixels[index] = (byte)random.Next(90);
            }
            int corner = random.Next(4);
            labels[8 + image] = (byte)corner;
            int top = (corner / 2 * 6) + random.Next(3);
            int left = (corner % 2 * 6) + random.Next(3);
            for (int y = top; y < top + 3; y++)
            {
                pixels.Slice((y * Side) + left, 3).Fill((byte)random.Next(150, 256));
            }
        }
        File.WriteAllBytes(Path.Combine(path, $"{part}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(path, $"{part}-labels-idx1-ubyte"), labels);
    }

    private static void Header(Span<byte> bytes, params ReadOnlySpan<int> numbers)
    {
        for (int index = 0; index < numbers.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes[(4 * index)..], numbers[index]);
        }
    }
}
