using Edge.Packages;

namespace Edge.Inference.Tests;

public sealed class ClassifierTests
{
    [Fact]
    public void Run_Logits_AreSoftmaxedAndOrdered()
    {
        var classifier = new Classifier(new OutputSpec { Family = OutputSpec.Classifier, TopK = 2 }, ["a", "b", "c"], 3);
        ClassScore[] best = classifier.Run([1f, 3f, 2f]).ToArray();
        double sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Assert.Equal([1, 2], best.Select(b => b.Index));
        Assert.Equal(Math.Exp(3) / sum, best[0].Probability, 1e-6);
        Assert.Equal(Math.Exp(2) / sum, best[1].Probability, 1e-6);
        Assert.Equal("b", classifier.Label(1));
    }

    [Fact]
    public void Run_HugeLogits_DoNotOverflow()
    {
        var classifier = new Classifier(new OutputSpec { Family = OutputSpec.Classifier, TopK = 3 }, [], 3);
        Assert.Equal([(2, 1f), (1, 0f), (0, 0f)], classifier.Run([-1e30f, 1000f, 1e30f]).ToArray().Select(b => (b.Index, b.Probability)));
        Assert.Equal((1, 1f), (classifier.Run([0f, float.PositiveInfinity, 1f])[0].Index, classifier.Probabilities[1]));
        Assert.Equal("2", classifier.Label(2));
    }

    [Fact]
    public void Run_NotANumber_IsNeverAResult()
    {
        var classifier = new Classifier(new OutputSpec { Family = OutputSpec.Classifier, TopK = 3 }, [], 3);
        Assert.Equal([2, 0], classifier.Run([1f, float.NaN, 2f]).ToArray().Select(b => b.Index));
        Assert.True(classifier.Run([float.NaN, float.NaN, float.NaN]).IsEmpty);
    }

    [Fact]
    public void Run_Equals_LowerIndexFirst()
    {
        var classifier = new Classifier(new OutputSpec { Family = OutputSpec.Classifier, TopK = 2 }, [], 4);
        Assert.Equal([1, 3], classifier.Run([0f, 5f, 0f, 5f]).ToArray().Select(b => b.Index));
    }

    [Fact]
    public void Run_Threshold_LeavesOutWhatIsBelow()
    {
        var classifier = new Classifier(new OutputSpec { Family = OutputSpec.Classifier, TopK = 3, Threshold = 0.3f, Scores = ScoreKind.Probabilities }, [], 3);
        Assert.Equal([1, 2], classifier.Run([0.2f, 0.5f, 0.3f]).ToArray().Select(b => b.Index));
        Assert.True(classifier.Run([0.1f, 0.1f, 0.1f]).IsEmpty);
    }

    [Fact]
    public void Run_RandomScores_EqualsSorting()
    {
        var random = new Random(8);
        var classifier = new Classifier(new OutputSpec { Family = OutputSpec.Classifier, TopK = 5 }, [], 37);
        for (int round = 0; round < 200; round++)
        {
            float[] scores = [.. Enumerable.Range(0, 37).Select(_ => (float)random.Next(20))];
            Assert.Equal(scores.Select((v, i) => (v, i)).OrderByDescending(p => p.v).ThenBy(p => p.i).Take(5).Select(p => p.i), classifier.Run(scores).ToArray().Select(b => b.Index));
            Assert.Equal(1, classifier.Probabilities.ToArray().Sum(), 1e-5f);
        }
    }

    [Fact]
    public void Run_OtherNumberOfScores_Throws() =>
        Assert.Throws<ArgumentException>(() => new Classifier(new OutputSpec { Family = OutputSpec.Classifier }, [], 3).Run(new float[4]));
}
