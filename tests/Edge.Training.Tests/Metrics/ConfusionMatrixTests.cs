using Edge.Training.Metrics;

namespace Edge.Training.Tests.Metrics;

public sealed class ConfusionMatrixTests
{
    private static readonly ConfusionMatrix Small = ConfusionMatrix.Of([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], 3);

    [Fact]
    public void Class_SmallCase_HasTheScoresOfPaperAndPencil()
    {
        Same(new ClassScores(1, 2.0 / 3, 0.8, 3), Small.Class(0));
        Same(new ClassScores(0.5, 0.5, 0.5, 2), Small.Class(1));
        Same(new ClassScores(0.5, 1, 2.0 / 3, 1), Small.Class(2));
        Assert.Equal(4.0 / 6, Small.Accuracy);
        Assert.Equal([[2, 1, 0], [0, 1, 1], [0, 0, 1]], Small.ToRows());
        Assert.Equal([1, 2, null], [.. Enumerable.Range(0, 3).Select(Small.MostMistakenFor)]);
    }

    [Fact]
    public void Means_SmallCase_WeighAsTheirNamesSay()
    {
        Same(new ClassScores(2.0 / 3, (2.0 / 3 + 0.5 + 1) / 3, (0.8 + 0.5 + 2.0 / 3) / 3, 6), Small.Macro());
        Same(new ClassScores((3 * 1 + 2 * 0.5 + 0.5) / 6, 4.0 / 6, (3 * 0.8 + 2 * 0.5 + 2.0 / 3) / 6, 6), Small.Weighted());
        Same(new ClassScores(4.0 / 6, 4.0 / 6, 4.0 / 6, 6), Small.Micro());
    }

    [Fact]
    public void Macro_ClassThatNeitherOccursNorIsNamed_DoesNotCount()
    {
        Assert.Equal(1, ConfusionMatrix.Of([0, 2], [0, 2], 5).Macro().F1);
        // Named without occurring, a class lowers the mean.
        Assert.True(ConfusionMatrix.Of([0, 2, 2], [0, 2, 1], 5).Macro().F1 < 0.7);
        Assert.Equal(new ClassScores(0, 0, 0, 0), new ConfusionMatrix(3).Macro());
    }

    [Fact]
    public void Add_ClassOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(2).Add(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(2).Add(-1, 0));
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.Of([0], [0, 1], 2));
    }

    [Fact]
    public void TopK_EqualScores_PreferTheLowerClass()
    {
        float[] scores = [1, 3, 2, 5, 5, 0];
        Assert.Equal(1, TopK.Rank([1, 3, 2], 2));
        Assert.Equal([0, 0.5, 1], [.. new[] { 1, 2, 3 }.Select(k => TopK.Accuracy(scores, [2, 2], 3, k))]);
        Assert.Equal(1, TopK.Accuracy([5, 5], [0], 2, 1));
        Assert.Equal(0, TopK.Accuracy([5, 5], [1], 2, 1));
        Assert.Throws<ArgumentException>(() => TopK.Accuracy([1], [0], 2, 1));
    }

    private static void Same(ClassScores expected, ClassScores actual)
    {
        Assert.Equal(expected.Precision, actual.Precision, 1e-12);
        Assert.Equal(expected.Recall, actual.Recall, 1e-12);
        Assert.Equal(expected.F1, actual.F1, 1e-12);
        Assert.Equal(expected.Support, actual.Support);
    }
}
