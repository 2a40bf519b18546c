using System.Text;
using Edge.Graph;
using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class ArrayTests
{
    [Fact]
    public void Load_Npy_GivesSamplesOfItsKind()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.npy"], Npy("|i1", "(2, 3)", [(sbyte)-1, (sbyte)2, (sbyte)3, (sbyte)4, (sbyte)5, (sbyte)6]));
        File.WriteAllBytes(folder["class.npy"], Npy("<i4", "(2,)", [2, 0]));
        File.WriteAllBytes(folder["value.npy"], Npy("<f8", "(2, 1)", [0.5, 1.5]));
        File.WriteAllBytes(folder["negative.npy"], Npy("<i4", "(2,)", [2, -1]));

        ArrayDataset data = ArrayDataset.Load(folder["x.npy"], folder["class.npy"]);
        Assert.Equal(["0", "1", "2"], data.ClassNames);
        var sample = new SampleBuffer(data);
        sample.Read(0);
        Assert.Equal([-1, 2, 3], sample.Input<float>().ToArray());
        Assert.Equal(2, sample.Target<long>()[0]);

        ArrayDataset values = ArrayDataset.Load(folder["x.npy"], folder["value.npy"]);
        sample = new SampleBuffer(values);
        sample.Read(1);
        Assert.Equal([1.5f], sample.Target<float>().ToArray());
        Assert.Equal(TargetKind.Input, ArrayDataset.Load(folder["x.npy"], null).TargetKind);
        Assert.Throws<DataException>(() => ArrayDataset.Load(folder["x.npy"], folder["negative.npy"]));
        Assert.Throws<DataException>(() => ArrayDataset.Load(folder["x.npy"], folder["missing.npy"]));
    }

    [Fact]
    public void Load_Raw_NeedsTheShape()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.bin"], [1, 2, 3, 4, 5, 6]);
        ArrayDataset data = ArrayDataset.Load(folder["x.bin"], null, new BinaryFormat(ElementType.UInt8, [3]));
        var sample = new SampleBuffer(data);
        sample.Read(1);
        Assert.Equal([4, 5, 6], sample.Input<float>().ToArray());
        Assert.Throws<DataException>(() => ArrayDataset.Load(folder["x.bin"], null));
        Assert.Throws<DataException>(() => ArrayDataset.Load(folder["x.bin"], null, new BinaryFormat(ElementType.UInt8, [4])));
        Assert.Throws<DataException>(() => ArrayDataset.Load(folder["x.bin"], null, new BinaryFormat(ElementType.UInt8, [0])));
        File.WriteAllText(folder["labels.csv"], "../x.bin,1\n");
        Assert.Contains("no name of a file", Assert.Throws<DataException>(() => ArrayDataset.Load(folder.Path, folder["labels.csv"], new BinaryFormat(ElementType.UInt8, [6]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_KeywordClips_HaveTheirClasses()
    {
        string folder = SharedData.Path("data", "mlperf-tiny-kws01");
        ArrayDataset data = ArrayDataset.Load(folder, Path.Combine(folder, "y_labels.csv"), new BinaryFormat(ElementType.Int8, [49, 10, 1]));
        Assert.Equal(300, data.Count);
        Assert.Equal(12, data.ClassNames.Count);
        Assert.Equal(7, data.ClassOf(0));
    }

    private static byte[] Npy<T>(string type, string shape, T[] values, byte version = 1, string fortran = "False") where T : unmanaged
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}".PadRight(100) + "\n";
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())];
    }
}
