namespace Edge.Torch.Tests;

[Collection(nameof(TorchCollection))]
public sealed class TensorTests
{
    [Fact]
    public void From_ThenToArray_IsTheSameAndACopy()
    {
        float[] data = [1, 2, 3, 4, 5, 6];
        using Tensor tensor = Tensor.From<float>(data, [2, 3]);
        data[0] = 99;
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal(DataType.Float32, tensor.Type);
        Assert.Equal(Device.Cpu, tensor.Device);
        Assert.Equal([1f, 2, 3, 4, 5, 6], tensor.ToArray<float>());
    }

    [Fact]
    public void From_EmptyAndScalar_KeepTheirShape()
    {
        using Tensor empty = Tensor.From<float>([], [0, 3]);
        using Tensor scalar = Tensor.From<float>([7], []);
        Assert.Equal([0, 3], empty.Shape);
        Assert.Empty(empty.ToArray<float>());
        Assert.Equal(0, scalar.Rank);
        Assert.Equal(7f, scalar.Item());
    }

    [Fact]
    public void From_EveryType_RoundTrips()
    {
        RoundTrip<byte>(200);
        RoundTrip<sbyte>(-7);
        RoundTrip<short>(-300);
        RoundTrip(-70000);
        RoundTrip(1L << 40);
        RoundTrip((Half)1.5f);
        RoundTrip(2.5);
        RoundTrip(true);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void From_ShapeDoesNotFit_Throws(long size) =>
        Assert.Throws<ArgumentException>(() => Tensor.From<float>([1, 2, 3], [size]));

    [Fact]
    public void ToArray_OtherOrderInMemory_IsInCOrder()
    {
        using Tensor tensor = Tensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]);
        using Tensor turned = new Operator("aten::t").Call(tensor);
        Assert.Equal([1f, 4, 2, 5, 3, 6], turned.ToArray<float>());
        Assert.Throws<ArgumentException>(() => turned.AsSpan<float>());
        turned.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([10, 40, 20, 50, 30, 60]));
        Assert.Equal([10f, 20, 30, 40, 50, 60], tensor.ToArray<float>());
    }

    [Fact]
    public void AsSpan_Write_ChangesTheTensor()
    {
        using Tensor tensor = Tensor.Zeros(DataType.Float32, [3]);
        tensor.AsSpan<float>()[1] = 5;
        Assert.Equal([0f, 5, 0], tensor.ToArray<float>());
        Assert.Throws<ArgumentException>(() => tensor.AsSpan<long>());
    }

    [Fact]
    public void CopyFrom_WrongSize_SaysBoth()
    {
        using Tensor tensor = Tensor.Zeros(DataType.Float32, [3]);
        var e = Assert.Throws<ArgumentException>(() => tensor.CopyFrom(new byte[11]));
        Assert.Contains("12 bytes, not 11", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_GivesTheTensorBack()
    {
        long before = Libtorch.LiveTensors;
        Tensor tensor = Tensor.Zeros(DataType.Float32, [3]);
        Tensor second = tensor.Share();
        Assert.Equal(before + 2, Libtorch.LiveTensors);
        tensor.Dispose();
        tensor.Dispose();
        Assert.Equal([0f, 0, 0], second.ToArray<float>());
        second.Dispose();
        Assert.Equal(before, Libtorch.LiveTensors);
        Assert.Throws<ObjectDisposedException>(() => tensor.Shape);
    }

    private static void RoundTrip<T>(T value) where T : unmanaged
    {
        using Tensor tensor = Tensor.From<T>([value, default], [2]);
        Assert.Equal([value, default], tensor.ToArray<T>());
    }
}
