using Edge.Graph.Serialization;

namespace Edge.Graph.Tests;

public sealed class ModelLayoutTests
{
    [Fact]
    public void TensorOffsets_Model_EveryWeightLiesBetweenTwoOfThem()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        byte[] bytes = model.ToBytes();
        IReadOnlyList<long> offsets = ModelLayout.TensorOffsets(bytes);
        Assert.Equal(offsets.Order().Distinct(), offsets);
        foreach (Value weight in model.Graph.Initializers)
        {
            int place = bytes.AsSpan().IndexOf(weight.Constant!.Bytes.Span);
            long start = offsets.Last(offset => offset <= place);
            long end = offsets.First(offset => offset > place);
            Assert.True(end >= place + weight.Constant.Bytes.Length, weight.Name);
            Assert.InRange(end - start, weight.Constant.Bytes.Length, weight.Constant.Bytes.Length + 64);
        }
    }

    [Fact]
    public void TensorOffsets_NotAModel_IsEmpty() => Assert.Empty(ModelLayout.TensorOffsets([0xff, 0xff, 0xff]));
}
