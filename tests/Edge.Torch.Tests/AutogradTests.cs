namespace Edge.Torch.Tests;

[Collection(nameof(TorchCollection))]
public sealed class AutogradTests
{
    private static readonly Operator Multiply = new("aten::mul", "Tensor");
    private static readonly Operator Sum = new("aten::sum");

    [Fact]
    public void Backward_SumOfSquares_IsTwiceTheInput()
    {
        using Tensor x = Tensor.From<float>([1, -2, 3], [3]);
        x.RequiresGrad = true;
        using Tensor square = Multiply.Call(x, x);
        using Tensor loss = Sum.Call(square);
        loss.Backward();
        using Tensor gradient = x.Gradient()!;
        Assert.Equal([2f, -4f, 6f], gradient.ToArray<float>());
    }

    [Fact]
    public void Backward_Twice_AddsUntilCleared()
    {
        using Tensor x = Tensor.From<float>([1], [1]);
        x.RequiresGrad = true;
        var set = new ParameterSet([x]);
        for (int i = 0; i < 2; i++)
        {
            using Tensor loss = Sum.Call(x);
            loss.Backward();
        }
        using (Tensor gradient = x.Gradient()!)
        {
            Assert.Equal([2f], gradient.ToArray<float>());
        }
        set.ClearGradients();
        Assert.Null(x.Gradient());
    }

    [Fact]
    public void Backward_GivenGradient_IsPropagated()
    {
        using Tensor x = Tensor.From<float>([1, 2], [2]);
        x.RequiresGrad = true;
        using Tensor y = Multiply.Call(x, x);
        using Tensor weight = Tensor.From<float>([10, 100], [2]);
        y.Backward(weight);
        using Tensor gradient = x.Gradient()!;
        Assert.Equal([20f, 400f], gradient.ToArray<float>());
    }

    [Fact]
    public void Backward_NothingRecorded_Throws()
    {
        using Tensor x = Tensor.From<float>([1], []);
        Assert.Throws<TorchException>(() => x.Backward());
    }

    [Fact]
    public void NoGrad_InsideScope_RecordsNothing()
    {
        using Tensor x = Tensor.From<float>([1], [1]);
        x.RequiresGrad = true;
        using (NoGrad.Enter())
        {
            using (NoGrad.Enter())
            {
            }
            using Tensor inside = Multiply.Call(x, x);
            Assert.False(inside.RequiresGrad);
        }
        using Tensor outside = Multiply.Call(x, x);
        Assert.True(outside.RequiresGrad);
        using Tensor detached = outside.Detach();
        Assert.False(detached.RequiresGrad);
    }

    [Fact]
    public void RequiresGrad_IntegerTensor_Throws()
    {
        using Tensor x = Tensor.From<long>([1], [1]);
        Assert.Throws<TorchException>(() => x.RequiresGrad = true);
    }

    [Fact]
    public void RetainGradient_ResultOfAnOperator_HasItsGradientAfterBackward()
    {
        using Tensor x = Tensor.From<float>([2, 3], [2]);
        x.RequiresGrad = true;
        using Tensor square = new Operator("aten::mul", "Tensor").Call(x, x);
        square.RetainGradient();
        using Tensor cube = new Operator("aten::mul", "Tensor").Call(square, x);
        using Tensor sum = new Operator("aten::sum").Call(cube);
        sum.Backward();
        using Tensor gradient = square.Gradient()!;
        Assert.Equal([2f, 3], gradient.ToArray<float>());
    }

    [Fact]
    public void RetainGradient_NothingRecorded_Throws()
    {
        using Tensor x = Tensor.From<float>([2, 3], [2]);
        Assert.Throws<TorchException>(x.RetainGradient);
    }
}
