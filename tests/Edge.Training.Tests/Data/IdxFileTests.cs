using System.IO.Compression;
using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class IdxFileTests
{
    private static readonly byte[] Good = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_PlainOrPacked_GivesDimsAndBytes(bool packed)
    {
        using var folder = new TemporaryFolder();
        string path = folder[packed ? "images.gz" : "images"];
        File.WriteAllBytes(path, packed ? Pack(Good) : Good);
        IdxFile file = IdxFile.Load(path);
        Assert.Equal([2, 2, 3], file.Dims);
        Assert.Equal(Good[16..], file.Bytes.ToArray());
    }

    [Fact]
    public void Read_EveryTruncation_IsRefused()
    {
        for (int length = 0; length < Good.Length; length++)
        {
            var e = Assert.Throws<DataException>(() => Read(Good[..length]));
            Assert.Contains("cut short", e.Message, StringComparison.Ordinal);
        }
        var longer = Assert.Throws<DataException>(() => Read([.. Good, 0]));
        Assert.Contains("longer", longer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FlippedBits_ReadOrRefusedInOneLineWithinMemory()
    {
        const int Cases = 20_000;
        var random = new Random(11);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Cases; i++)
        {
            byte[] bytes = [.. Good];
            for (int flip = random.Next(1, 4); flip > 0; flip--)
            {
                bytes[random.Next(20)] ^= (byte)(1 << random.Next(8));
            }
            try
            {
                Assert.True(Read(bytes).Bytes.Length <= bytes.Length);
            }
            catch (DataException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        // A header may promise a gigabyte: what is allocated is bounded by one chunk a case.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Cases, 0, 1_100_000);
    }

    [Fact]
    public void Load_DamagedGzip_IsRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] packed = Pack(Good);
        for (int length = 0; length < packed.Length; length++)
        {
            File.WriteAllBytes(folder["a.gz"], packed[..length]);
            try
            {
                Assert.Equal(Good[16..], IdxFile.Load(folder["a.gz"]).Bytes.ToArray());
            }
            catch (DataException e)
            {
                Assert.Contains("a.gz", e.Message, StringComparison.Ordinal);
            }
        }
        File.WriteAllBytes(folder["b.gz"], Good);
        Assert.Throws<DataException>(() => IdxFile.Load(folder["b.gz"]));
    }

    [Theory]
    [InlineData(0, 1, "not an IDX file")]
    [InlineData(2, 13, "0x0d")]
    [InlineData(3, 0, "0 dimensions")]
    [InlineData(3, 9, "9 dimensions")]
    [InlineData(4, 255, "promises more")]
    public void Read_WrongHeader_SaysWhat(int at, byte value, string expected)
    {
        byte[] bytes = [.. Good];
        bytes[at] = value;
        var e = Assert.Throws<DataException>(() => Read(bytes));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Missing_NamesThePath()
    {
        var e = Assert.Throws<DataException>(() => IdxFile.Load("/no/such/file"));
        Assert.Contains("/no/such/file", e.Message, StringComparison.Ordinal);
    }

    private static IdxFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return IdxFile.Read(stream, "test");
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }
        return target.ToArray();
    }
}
