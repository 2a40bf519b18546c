namespace Edge.Torch.Tests;

[Collection(nameof(TorchCollection))]
public sealed class OperatorTests
{
    private static readonly Operator Add = new("aten::add", "Tensor");
    private static readonly Operator Conv2d = new("aten::conv2d");

    [Fact]
    public void Call_DefaultsLeftOut_TakesThemFromSchema()
    {
        using Tensor a = Tensor.From<float>([1, 2, 3], [3]);
        using Tensor b = Tensor.From<float>([10, 20, 30], [3]);
        using Tensor sum = Add.Call(a, b);
        using Tensor scaled = Add.Call(a, b, 0.5);
        Assert.Equal([11f, 22f, 33f], sum.ToArray<float>());
        Assert.Equal([6f, 12f, 18f], scaled.ToArray<float>());
    }

    [Fact]
    public void Call_ListsAndDefaults_ConvolvesAsComputedByHand()
    {
        using Tensor x = Tensor.From<float>([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
        using Tensor w = Tensor.From<float>([1, 0, 0, 1], [1, 1, 2, 2]);
        using Tensor y = Conv2d.Call(x, w, Argument.None, Argument.Default, new long[] { 1, 0 });
        Assert.Equal([1, 1, 4, 2], y.Shape);
        Assert.Equal([2f, 3f, 6f, 8f, 12f, 14f, 7f, 8f], y.ToArray<float>());
    }

    [Fact]
    public void CallAll_TensorList_IsFlattened()
    {
        using Tensor x = Tensor.From<float>([1, 2, 3, 4, 5], [5]);
        Tensor?[] parts = new Operator("aten::split", "Tensor").CallAll(8, x, 2);
        Assert.Equal(3, parts.Length);
        Assert.Equal([5f], parts[2]!.ToArray<float>());
        foreach (Tensor? part in parts)
        {
            part!.Dispose();
        }
    }

    [Fact]
    public void CallAll_TensorListArgument_Concatenates()
    {
        using Tensor a = Tensor.From<long>([1, 2], [2]);
        using Tensor b = Tensor.From<long>([3], [1]);
        using Tensor joined = new Operator("aten::cat").Call(new Tensor?[] { a, b }, 0);
        Assert.Equal([1L, 2L, 3L], joined.ToArray<long>());
    }

    [Fact]
    public void CallAll_OptionalTensorList_Indexes()
    {
        using Tensor x = Tensor.From<float>([1, 2, 3, 4, 5, 6], [2, 3]);
        using Tensor columns = Tensor.From<long>([2, 0], [2]);
        using Tensor picked = new Operator("aten::index", "Tensor").Call(x, new Tensor?[] { null, columns });
        Assert.Equal([3f, 1f, 6f, 4f], picked.ToArray<float>());
    }

    [Fact]
    public void CallAll_TooManyResults_GivesThemBackAndSaysSo()
    {
        using Tensor x = Tensor.From<float>([1, 2, 3, 4, 5], [5]);
        long before = Libtorch.LiveTensors;
        var e = Assert.Throws<ArgumentException>(() => new Operator("aten::split", "Tensor").CallAll(2, x, 1));
        Assert.Contains("aten::split", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    [Fact]
    public void CallNumber_Scalar_IsReturned()
    {
        using Tensor x = Tensor.From<float>([2.5f], []);
        using Tensor y = Tensor.From<float>([2.5f], []);
        Assert.Equal(2.5, new Operator("aten::item").CallNumber(x));
        Assert.Equal(1, new Operator("aten::equal").CallNumber(x, y));
    }

    [Fact]
    public void Call_DataTypeAndStringArguments_Convert()
    {
        using Tensor x = Tensor.From<float>([1.7f, -1.7f], [2]);
        using Tensor integers = new Operator("aten::to", "dtype").Call(x, DataType.Int64);
        using Tensor rounded = new Operator("aten::div", "Scalar_mode").Call(x, 1, "floor");
        using Tensor zeros = new Operator("aten::zeros").Call(new long[] { 2 }, DataType.Float64, Argument.None, Device.Cpu);
        Assert.Equal([1L, -1L], integers.ToArray<long>());
        Assert.Equal([1f, -2f], rounded.ToArray<float>());
        Assert.Equal([0.0, 0.0], zeros.ToArray<double>());
    }

    [Fact]
    public void Call_UnknownOperator_NamesIt()
    {
        using Tensor x = Tensor.From<float>([1], [1]);
        var e = Assert.Throws<ArgumentException>(() => new Operator("aten::no_such", "thing").Call(x));
        Assert.Contains("aten::no_such.thing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_WrongKindOfArgument_NamesOperatorArgumentAndSchema()
    {
        using Tensor x = Tensor.From<float>([1], [1]);
        var e = Assert.Throws<ArgumentException>(() => Add.Call(x, "two"));
        Assert.Contains("aten::add", e.Message, StringComparison.Ordinal);
        Assert.Contains("'other'", e.Message, StringComparison.Ordinal);
        Assert.Contains("Tensor other", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_MissingArgument_NamesIt()
    {
        using Tensor x = Tensor.From<float>([1], [1]);
        var e = Assert.Throws<ArgumentException>(() => Add.Call(x));
        Assert.Contains("'other' has no default", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_TooManyArguments_IsRefused()
    {
        using Tensor x = Tensor.From<float>([1], [1]);
        Assert.Throws<ArgumentException>(() => Add.Call(x, x, 1, 2, 3));
    }

    [Fact]
    public void Call_ShapesDoNotFit_IsOneLineWithTheOperator()
    {
        using Tensor a = Tensor.Zeros(DataType.Float32, [2, 3]);
        using Tensor b = Tensor.Zeros(DataType.Float32, [4]);
        var e = Assert.Throws<TorchException>(() => Add.Call(a, b));
        Assert.StartsWith("aten::add: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain("frame #", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_DisposedTensor_Throws()
    {
        Tensor x = Tensor.From<float>([1], [1]);
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Add.Call(x, x));
    }

    [Fact]
    public void Run_LongLists_AreRentedAndIntact()
    {
        long[] sizes = new long[300];
        Array.Fill(sizes, 1);
        using Tensor x = Tensor.From<float>([1, 2, 3], [3]);
        using Tensor parts = new Operator("aten::bincount").Call(Tensor.From<long>(sizes, [300]));
        Assert.Equal([0L, 300L], parts.ToArray<long>());
        Tensor?[] slices = new Operator("aten::split_with_sizes").CallAll(400, parts, new long[] { 1, 1 });
        Assert.Equal(2, slices.Length);
        Array.ForEach(slices, slice => slice!.Dispose());
        using Tensor big = Tensor.Zeros(DataType.Float32, [300]);
        Tensor?[] ones = new Operator("aten::split_with_sizes").CallAll(300, big, sizes);
        Assert.Equal(300, ones.Length);
        Array.ForEach(ones, slice => slice!.Dispose());
    }

    [Fact]
    public void Schema_IsTheSignature() => Assert.StartsWith("aten::add.Tensor(Tensor self, Tensor other", Add.Schema, StringComparison.Ordinal);
}
