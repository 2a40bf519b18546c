using System.Globalization;
using Edge.Cli.Explaining;
using Edge.Cli.Terminal;
using Edge.Judging;
using Edge.Judging.Corruptions;
using Edge.Reports;

namespace Edge.Cli.Attacking;

/// <summary>What became of a model under attack: as tables, as JSON, and as sections of a page.</summary>
internal static class AttackReport
{
    private const int PictureSide = 110;

    /// <summary>What <c>edge attack --json</c> prints.</summary>
    internal static object Json(AttackResult result) => new
    {
        model = result.Model.Source,
        data = result.Feed.Data.Name,
        samples = result.Samples,
        accuracy = result.Clean,
        unit = Unit(result),
        adversarial = result.Adversarial.Select(curve => new { attack = curve.Name, points = curve.Points.Select(point => new { epsilon = point.Strength, accuracy = point.Accuracy }) }),
        corruptions = result.Corrupted.Select(curve => new { corruption = curve.Name, points = curve.Points.Select(point => new { strength = point.Strength, accuracy = point.Accuracy }) }),
        meanCorruptedAccuracy = result.MeanCorrupted,
    };

    /// <summary>Prints tables on the terminal.</summary>
    internal static void Print(AttackResult result)
    {
        Screen.Line(Text($"{result.Model.Source} on {result.Feed.Data.Name}, {result.Samples:N0} samples: accuracy {result.Clean:P2} when nobody attacks"));
        if (result.Adversarial.Count > 0)
        {
            Screen.Table(
                [$"accuracy by ε ({Unit(result)})", .. result.Adversarial[0].Points.Select(point => point.Strength.ToString("G4", CultureInfo.InvariantCulture))],
                result.Adversarial.Select(Row));
        }
        if (result.Corrupted.Count > 0)
        {
            Screen.Table(["accuracy by strength", .. Enumerable.Range(1, Corruption.Strengths).Select(strength => $"{strength}")], result.Corrupted.Select(Row));
            Screen.Line(Text($"mean over all corruptions {result.MeanCorrupted:P2}"));
        }
    }

    /// <summary>Adds the sections.</summary>
    internal static void AddTo(HtmlReport page, AttackResult result)
    {
        page.Tiles(
            [
                new Tile(Text($"{result.Clean:P1}"), "accuracy when nobody attacks"),
                .. result.Adversarial.Select(curve => new Tile(Text($"{curve.Points[^1].Accuracy:P1}"), Text($"under {curve.Name} with ε = {curve.Points[^1].Strength:G4}"))),
                .. result.MeanCorrupted is { } mean ? new[] { new Tile(Text($"{mean:P1}"), "mean over all corruptions") } : [],
            ]);
        if (result.Adversarial.Count > 0)
        {
            page.Section("On purpose", Text($"Every value may be moved by at most ε ({Unit(result)}), in the direction that hurts most: in one step (FGSM), or in many (PGD). Gradients by libtorch, answers by ONNX Runtime."))
                .Chart(JudgingCharts.Falling($"ε ({Unit(result)})", [.. result.Adversarial.Select(curve => Line(curve, null))]));
        }
        if (result.Corrupted.Count > 0)
        {
            page.Section("By accident", "What happens to pictures in the field, at five strengths; strength 0 is the clean picture.")
                .Chart(JudgingCharts.Falling("strength", [.. result.Corrupted.Select(curve => Line(curve, result.Clean))]))
                .Table(["corruption", .. Enumerable.Range(1, Corruption.Strengths).Select(strength => $"strength {strength}"), "mean"], result.Corrupted.Select(curve => (string[])[.. Row(curve), Text($"{curve.Points.Average(point => point.Accuracy):P1}")]));
        }
        if (result.Feed.Picture is { } size && result.Examples.Count > 0)
        {
            Examples(page, result, size);
        }
    }

    private static void Examples(HtmlReport page, AttackResult result, PictureSize size)
    {
        IGrouping<string, AttackSample>[] attacks = [.. result.Examples.GroupBy(example => example.Attack)];
        int count = attacks[0].Count();
        page.Section("What the model saw").Pictures(
            attacks.SelectMany(attack => attack.Select(example => new Picture(PictureCodec.Png(example.Changed, size, ExplainPage.Zoom(size)), example.Attack, example.Predicted, example.IsRight)))
                .Prepend(attacks[0].Select(example => new Picture(PictureCodec.Png(example.Clean, size, ExplainPage.Zoom(size)), "clean", example.Truth))),
            PictureSide,
            count);
    }

    private static IEnumerable<Picture> Prepend(this IEnumerable<Picture> pictures, IEnumerable<Picture> first) => first.Concat(pictures);

    private static Series Line(AttackCurve curve, double? clean)
    {
        (double, double)[] start = clean is { } value ? [(0, value)] : [];
        return new Series(curve.Name, [.. start, .. curve.Points.Select(point => (point.Strength, point.Accuracy))]);
    }

    private static string[] Row(AttackCurve curve) => [curve.Name, .. curve.Points.Select(point => Text($"{point.Accuracy:P1}"))];

    private static string Unit(AttackResult result) => result.Feed.Normalization is null ? "units of the model's input" : "levels of 255";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
