using Edge.Judging.Attacking;
using Edge.Packages;

namespace Edge.Judging.Tests;

[Collection(nameof(TorchCollection))]
public sealed class AttackTests(TrainedNet net) : IClassFixture<TrainedNet>
{
    private static readonly AttackBounds Pixels = AttackBounds.OfPictures(Normalization.Unit(1), TrainedNet.Side * TrainedNet.Side);

    [Fact]
    public void BothAttacks_EpsilonZero_ChangeNothing()
    {
        using DifferentiableModel model = Model();
        Assert.Equal(net.Inputs, GradientAttack.Fgsm(model, net.Inputs, net.Labels, 0, Pixels));
        Assert.Equal(net.Inputs, GradientAttack.Pgd(model, net.Inputs, net.Labels, 0, Pixels));
        Assert.True(Accuracy(model, net.Inputs) > 0.95);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(400)]
    public void BothAttacks_AnyEpsilon_StayNearAndPossible(float epsilon)
    {
        using DifferentiableModel model = Model();
        foreach (float[] changed in new[] { GradientAttack.Fgsm(model, net.Inputs, net.Labels, epsilon, Pixels), GradientAttack.Pgd(model, net.Inputs, net.Labels, epsilon, Pixels, steps: 5) })
        {
            float furthest = net.Inputs.Zip(changed, (clean, value) => MathF.Abs(value - clean)).Max();
            Assert.InRange(furthest, Math.Min(epsilon / 255f, 0.5f) * 0.99f, epsilon / 255f * 1.0001f);
            Assert.All(changed, value => Assert.InRange(value, 0f, 1f));
        }
    }

    [Fact]
    public void Pgd_TrainedNet_IsNeverWeakerThanFgsmAndFoolsIt()
    {
        using DifferentiableModel model = Model();
        double clean = Accuracy(model, net.Inputs);
        double before = clean;
        foreach (float epsilon in new float[] { 2, 8, 20, 40 })
        {
            double fgsm = Accuracy(model, GradientAttack.Fgsm(model, net.Inputs, net.Labels, epsilon, Pixels));
            double pgd = Accuracy(model, GradientAttack.Pgd(model, net.Inputs, net.Labels, epsilon, Pixels, seed: 2));
            Assert.True(pgd <= fgsm, $"ε = {epsilon}: {pgd} > {fgsm}");
            Assert.True(pgd <= before);
            before = pgd;
        }
        Assert.True(before < clean - 0.3, $"accuracy fell from {clean} to {before} only");
    }

    [Fact]
    public void Pgd_SameSeed_GivesTheSameExamples()
    {
        using DifferentiableModel model = Model();
        float[] Run(ulong seed) => GradientAttack.Pgd(model, net.Inputs, net.Labels, 6, Pixels, steps: 3, seed);
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Fgsm_NoBounds_MovesEveryValueByEpsilon()
    {
        using var model = new DifferentiableModel(Nets.Smooth(), [6], "smooth");
        float[] input = [1, 2, 3, -4, 5, 6];
        float[] changed = GradientAttack.Fgsm(model, input, [0], 0.25f, AttackBounds.None);
        Assert.All(input.Zip(changed), pair => Assert.Equal(0.25f, MathF.Abs(pair.Second - pair.First), 1e-5f));
    }

    [Fact]
    public void OfPictures_ThreeChannels_HasTheRangeOfEach()
    {
        var spec = new InputSpec { Width = 2, Height = 2, Channels = 3, Mean = [0.5f, 0.4f, 0.3f], Std = [0.2f, 0.25f, 0.5f] };
        AttackBounds bounds = AttackBounds.OfPictures(new Normalization(spec), plane: 4);
        Assert.Equal(-2.5f, bounds.Low[0], 1e-5f);
        Assert.Equal(2.4f, bounds.High[1], 1e-5f);
        Assert.Equal(1 / 255f / 0.5f, bounds.Scale[2], 1e-6f);
    }

    [Fact]
    public void IsFooled_OneScore_GoesByItsSign()
    {
        Assert.False(GradientAttack.IsFooled([0.1f], 1));
        Assert.True(GradientAttack.IsFooled([-0.1f], 1));
        Assert.True(GradientAttack.IsFooled([1, 2], 0));
    }

    private DifferentiableModel Model() => new(net.Model, [1, TrainedNet.Side, TrainedNet.Side], "net");

    private double Accuracy(DifferentiableModel model, float[] inputs)
    {
        float[] scores = model.Scores(inputs, net.Labels.Length);
        return net.Labels.Where((label, i) => !GradientAttack.IsFooled(scores.AsSpan(i * TrainedNet.Classes, TrainedNet.Classes), label)).Count() / (double)net.Labels.Length;
    }
}
