using Edge.Inference.Sensors;

namespace Edge.Inference.Tests.Sensors;

public sealed class SteadyStateTests
{
    [Fact]
    public void Update_AnotherClassHardlySurer_DoesNotTakeOver()
    {
        var state = new SteadyState(0.2f, TimeSpan.Zero);
        Assert.True(state.Update(0, [0.6f, 0.4f]));
        Assert.False(state.Update(1, [0.45f, 0.55f]));
        Assert.True(state.Update(2, [0.4f, 0.6f]));
        Assert.Equal((1, 2), (state.Class, state.Since));
    }

    [Fact]
    public void Update_AnotherClassForLessThanTheMinimum_DoesNotTakeOver()
    {
        var state = new SteadyState(0, TimeSpan.FromTicks(10));
        Assert.False(state.Update(0, [1, 0]));
        Assert.True(state.Update(10, [1, 0]));
        Assert.Equal((0, 0), (state.Class, state.Since));
        Assert.False(state.Update(20, [0, 1]));
        Assert.False(state.Update(25, [1, 0]));
        Assert.False(state.Update(29, [0, 1]));
        Assert.False(state.Update(38, [0, 1]));
        Assert.True(state.Update(39, [0, 1]));
        Assert.Equal((1, 29), (state.Class, state.Since));
    }
}
