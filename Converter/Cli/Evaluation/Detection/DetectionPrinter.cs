using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>What judging a detector came to, as tables on the terminal.</summary>
internal static class DetectionPrinter
{
    private const int MostConfusions = 8;
    private const int MostClasses = 40;

    internal static void Print(DetectionResult result)
    {
        Screen.Line(Text($"{result.Source} on {result.Data}, {result.Pictures.Count:N0} pictures: AP {Share(result.Metrics.Ap)}, AP50 {Share(result.Metrics.Ap50)}; {Time(result)}"));
        Screen.Table(["", "value"], Figures(result.Metrics).Select(figure => (string[])[figure.Name, Share(figure.Value)]));
        Screen.Table(Header, Classes(result).Take(MostClasses));
        if (result.Metrics.Classes.Count > MostClasses)
        {
            Screen.Line($"({result.Metrics.Classes.Count - MostClasses} more classes; --json and --html have them)");
        }
        Screen.Line(Text($"from the score {result.Threshold:0.###} on, as the device reports: precision {Share(result.Precision)}, recall {Share(result.Recall)}"));
        (int Truth, int Found, long Count)[] confusions = [.. Confusions(result).Take(MostConfusions)];
        if (confusions.Length > 0)
        {
            Screen.Table(["is", "taken for", "boxes"], confusions.Select(item => (string[])[result.Name(item.Truth), result.Name(item.Found), Text($"{item.Count:N0}")]), texts: 2);
        }
    }

    /// <summary>The columns of the table of classes.</summary>
    internal static IReadOnlyList<string> Header { get; } = ["class", "boxes", "AP", "AP50", "AR"];

    /// <summary>The rows of the table of classes.</summary>
    internal static IEnumerable<IReadOnlyList<string>> Classes(DetectionResult result) =>
        result.Metrics.Classes.Select(row => (string[])[result.Names[row.Class], Text($"{row.Truths:N0}"), Share(row.Ap), Share(row.Ap50), Share(row.Ar)]);

    /// <summary>COCO's twelve figures with their names.</summary>
    internal static IReadOnlyList<(string Name, double? Value)> Figures(DetectionMetrics metrics) =>
    [
        ("AP 0.50:0.95", metrics.Ap), ("AP 0.50", metrics.Ap50), ("AP 0.75", metrics.Ap75),
        ("AP small", metrics.ApSmall), ("AP medium", metrics.ApMedium), ("AP large", metrics.ApLarge),
        ("AR, 1 box", metrics.Ar1), ("AR, 10 boxes", metrics.Ar10), ("AR, 100 boxes", metrics.Ar100),
        ("AR small", metrics.ArSmall), ("AR medium", metrics.ArMedium), ("AR large", metrics.ArLarge),
    ];

    /// <summary>The milliseconds of the stages in words.</summary>
    internal static string Time(DetectionResult result) =>
        Text($"{result.Milliseconds.Preprocess:F2} ms to prepare a picture, {result.Milliseconds.Infer:F2} to infer, {result.Milliseconds.Postprocess:F2} for the boxes");

    /// <summary>A share, or a dash where there is none.</summary>
    internal static string Share(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>What is taken for something else, most often first.</summary>
    private static IEnumerable<(int Truth, int Found, long Count)> Confusions(DetectionResult result)
    {
        IReadOnlyList<int> classes = result.Occurring;
        return classes.SelectMany(truth => classes.Where(found => found != truth).Select(found => (truth, found, result.Confusion[truth, found])))
            .Where(item => item.Item3 > 0).OrderByDescending(item => item.Item3);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
