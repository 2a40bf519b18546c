using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>What came of judging a detector.</summary>
internal sealed record DetectionResult
{
    public required string Source { get; init; }

    /// <summary>What the data are called.</summary>
    public required string Data { get; init; }

    /// <summary>The name of each class of the model.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>COCO's figures, from every box with a score of <see cref="DetectionWork.LeastScore"/>.</summary>
    public required DetectionMetrics Metrics { get; init; }

    /// <summary>What is taken for what at the score that devices report from.</summary>
    public required DetectionConfusion Confusion { get; init; }

    /// <summary>That score.</summary>
    public required float Threshold { get; init; }

    public required IReadOnlyList<JudgedPicture> Pictures { get; init; }

    /// <summary>Mean milliseconds a picture: decoding the file, preprocessing, inference, boxes.</summary>
    public required (double Decode, double Preprocess, double Infer, double Postprocess) Milliseconds { get; init; }

    /// <summary>Of the boxes found at <see cref="Threshold"/>, the share with a true box of their class; null without any.</summary>
    public double? Precision => Share(Right, Enumerable.Range(0, Names.Count + 1).Sum(truth => Enumerable.Range(0, Names.Count).Sum(found => Confusion[truth, found])));

    /// <summary>Of the true boxes, the share found at <see cref="Threshold"/> with their class; null without any.</summary>
    public double? Recall => Share(Right, Enumerable.Range(0, Names.Count).Sum(truth => Enumerable.Range(0, Names.Count + 1).Sum(found => Confusion[truth, found])));

    /// <summary>The classes that occur, and the background behind them: for tables of what is taken for what.</summary>
    public IReadOnlyList<int> Occurring =>
        [.. Enumerable.Range(0, Names.Count).Where(number => Enumerable.Range(0, Names.Count + 1).Any(other => Confusion[number, other] + Confusion[other, number] > 0)), Confusion.Background];

    /// <summary>A class's name, the background's included.</summary>
    public string Name(int number) => number == Confusion.Background ? "background" : Names[number];

    private long Right => Enumerable.Range(0, Names.Count).Sum(number => Confusion[number, number]);

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
