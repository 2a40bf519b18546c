using System.Buffers.Binary;
using System.Text;
using Edge.Graph.Serialization;

namespace Edge.Graph.Tests;

public sealed class NpyReaderTests
{
    [Theory]
    [InlineData("<f2", ElementType.Float16, 2)]
    [InlineData("<f4", ElementType.Float, 4)]
    [InlineData("<f8", ElementType.Double, 8)]
    [InlineData("|i1", ElementType.Int8, 1)]
    [InlineData("<i2", ElementType.Int16, 2)]
    [InlineData("<i4", ElementType.Int32, 4)]
    [InlineData("<i8", ElementType.Int64, 8)]
    [InlineData("|u1", ElementType.UInt8, 1)]
    [InlineData("<u2", ElementType.UInt16, 2)]
    [InlineData("<u4", ElementType.UInt32, 4)]
    [InlineData("<u8", ElementType.UInt64, 8)]
    [InlineData("|b1", ElementType.Bool, 1)]
    [InlineData("<c8", ElementType.Complex64, 8)]
    [InlineData("<c16", ElementType.Complex128, 16)]
    public void Read_EveryTypeOfNumbers_TakesTheBytesAsTheyAre(string code, ElementType type, int size)
    {
        byte[] data = [.. Enumerable.Range(1, 6 * size).Select(index => (byte)index)];
        foreach (byte version in new byte[] { 1, 2, 3 })
        {
            OnnxTensor tensor = NpyReader.Read(File(code, "False", "2, 3", data, version), "a.npy");
            Assert.Equal((type, "[2,3]"), (tensor.Type, $"[{string.Join(',', tensor.Dims)}]"));
            Assert.Equal(data, tensor.Bytes.ToArray());
        }
    }

    [Fact]
    public void Read_FortranOrder_IsTurnedToC()
    {
        float[] columns = [1, 4, 2, 5, 3, 6];
        byte[] data = [.. columns.SelectMany(BitConverter.GetBytes)];
        Assert.Equal([1f, 2, 3, 4, 5, 6], NpyReader.Read(File("<f4", "True", "2, 3", data), "a.npy").ToArray<float>());
    }

    [Fact]
    public void Read_FortranOrderOfThreeAxes_IsTurnedToC()
    {
        // Element [a,b,c] is 100a + 10b + c; the first axis lies side by side.
        int[] data = [.. from c in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 3) from a in Enumerable.Range(0, 2) select (100 * a) + (10 * b) + c];
        int[] expected = [.. from a in Enumerable.Range(0, 2) from b in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 4) select (100 * a) + (10 * b) + c];
        Assert.Equal(expected, NpyReader.Read(File("<i4", "True", "2, 3, 4", [.. data.SelectMany(BitConverter.GetBytes)]), "a.npy").ToArray<int>());
    }

    [Fact]
    public void Read_BigEndian_IsTurned()
    {
        byte[] data = new byte[8];
        BinaryPrimitives.WriteSingleBigEndian(data, 1.5f);
        BinaryPrimitives.WriteSingleBigEndian(data.AsSpan(4), -2f);
        Assert.Equal([1.5f, -2f], NpyReader.Read(File(">f4", "False", "2,", data), "a.npy").ToArray<float>());
    }

    [Fact]
    public void Read_NoAxes_IsAScalar() => Assert.Empty(NpyReader.Read(File("<f4", "False", "", new byte[4]), "a.npy").Dims);

    [Theory]
    [InlineData("<U5", "False", "2", "something else than an array of numbers")]
    [InlineData("|O", "False", "2", "something else than an array of numbers")]
    [InlineData("<f4", "Maybe", "2", "something else than an array of numbers")]
    [InlineData("<f4", "False", "99999999999", "takes")]
    [InlineData("<f4", "False", "9223372036854775807, 9223372036854775807", "more elements")]
    [InlineData("<f4", "True", "0, 9223372036854775807, 9223372036854775807", "takes")]
    [InlineData("<f4", "False", "99999999999999999999", "not understood")]
    public void Read_WrongHeader_IsRefusedWithoutAllocating(string code, string order, string shape, string hint)
    {
        byte[] file = File(code, order, shape, new byte[8]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => NpyReader.Read(file, "a.npy"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.StartsWith("a.npy: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryCutAndEveryFlippedByte_GivesATensorOrOneError()
    {
        byte[] file = File("<f4", "True", "2, 1", new byte[8]);
        for (int place = 0; place < file.Length; place++)
        {
            byte[] broken = (byte[])file.Clone();
            broken[place] ^= 0x55;
            foreach (byte[] bytes in new[] { broken, file[..place] })
            {
                try
                {
                    Assert.InRange(NpyReader.Read(bytes, "a.npy").Bytes.Length, 0, 8);
                }
                catch (ModelFormatException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            }
        }
    }

    private static byte[] File(string code, string order, string shape, byte[] data, byte version = 1)
    {
        byte[] header = Encoding.Latin1.GetBytes($"{{'descr': '{code}', 'fortran_order': {order}, 'shape': ({shape}), }}\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. data];
    }
}
