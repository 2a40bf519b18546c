namespace Edge.Foundation.Tests;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("epohcs", "epochs")]
    [InlineData("Epochs", "epochs")]
    [InlineData("batchsize", "batch-size")]
    [InlineData("seeed", "seed")]
    [InlineData("nothing-like-it", null)]
    [InlineData("", null)]
    public void Of_WrittenName_ReturnsTheOneMeant(string written, string? meant) =>
        Assert.Equal(meant, NearestName.Of(written, ["epochs", "batch-size", "seed"]));

    [Fact]
    public void Of_HugeName_IsNotCompared() => Assert.Null(NearestName.Of(new string('a', 100_000), ["aaa"]));
}
