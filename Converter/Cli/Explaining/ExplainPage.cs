using System.Globalization;
using Edge.Judging;
using Edge.Judging.Explaining;
using Edge.Reports;

namespace Edge.Cli.Explaining;

/// <summary>Explanations as sections of a page.</summary>
internal static class ExplainPage
{
    private const int PictureSide = 150;

    /// <summary>Adds the sections.</summary>
    internal static void AddTo(HtmlReport page, ExplainResult result)
    {
        foreach (string note in result.Notes)
        {
            page.Paragraph(note);
        }
        if (result.Feed.Picture is { } size)
        {
            Pictures(page, result, size);
        }
        else if (result.Explanations.Any(item => item.Readings is not null))
        {
            Readings(page, result);
        }
        else
        {
            Texts(page, result);
        }
    }

    /// <summary>How much each pixel of a picture must grow to be looked at.</summary>
    internal static int Zoom(PictureSize size) => Math.Max(1, 224 / Math.Max(size.Height, size.Width));

    private static void Pictures(HtmlReport page, ExplainResult result, PictureSize size)
    {
        page.Section("Where the model looks", $"Warm colours speak for the class, blue against it. Grad-CAM{(result.Layer is null ? "" : $" at '{result.Layer}'")} shows the region, integrated gradients the pixels (against black), occlusion what is lost when a window is covered.");
        int zoom = Zoom(size);
        page.Pictures(
            result.Explanations.SelectMany(item => item.Maps
                .Select(map => new Picture(HeatOverlay.Png(item.Levels, size, map.Map, zoom), map.Method, $"for {item.Class}"))
                .Prepend(new Picture(PictureCodec.Png(item.Levels, size, zoom), item.Truth ?? Title(item, result), Text($"{item.Predicted} {item.Probability:P0}").Replace(" %", "\u00a0%", StringComparison.Ordinal), item.Truth is null ? null : item.Truth == item.Predicted))),
            PictureSide,
            result.Explanations[0].Maps.Count + 1);
        IReadOnlyList<Explanation> withGap = [.. result.Explanations.Where(item => item.Maps.Any(map => map.Attribution is not null))];
        if (withGap.Count > 0)
        {
            page.Section("Do the attributions add up?", "Integrated gradients should add up to the difference between the score of the picture and that of a black one; more steps bring them nearer.")
                .Table(["sample", "score", "score of black", "sum of attributions", "gap"], withGap.Select(item => Row(item.Name, item.Maps.First(map => map.Attribution is not null).Attribution!)));
        }
    }

    private static void Readings(HtmlReport page, ExplainResult result)
    {
        var names = new ReadingNames(result.Feed.Data, result.Columns);
        double[] means = [.. names.Columns.Select((_, column) => result.Explanations.Average(item => Math.Abs(names.Sum(item.Readings!.Values, column))))];
        page.Section("Which readings count", "Integrated gradients against the mean sample: how much each column moves the score, on average over the samples below.")
            .Chart(JudgingCharts.BarsOf("mean size of the attribution", [.. names.Columns.Select((name, column) => new Bar(name, means[column])).OrderByDescending(bar => bar.Value)]), 90 + (26 * names.Columns.Count));
        page.Section("Sample by sample", "Orange speaks for the class, blue against it.");
        foreach (Explanation item in result.Explanations)
        {
            page.Paragraph(Text($"Sample {item.Name}: {item.Truth ?? "unknown"}, taken for {item.Predicted} ({item.Probability:P0}); explained: {item.Class}. Score {item.Readings!.Score:F3}, of the mean sample {item.Readings.BaselineScore:F3}, gap {item.Readings.Gap:G2}."));
            page.Chart(
                names.Steps == 1
                    ? JudgingCharts.BarsOf("attribution", [.. names.Columns.Select((name, column) => new Bar(name, names.Sum(item.Readings.Values, column)))])
                    : JudgingCharts.SignedHeatMap([.. Enumerable.Range(0, names.Steps).Select(step => step.ToString(CultureInfo.InvariantCulture))], names.Columns, names.ByColumn(item.Readings.Values)),
                100 + (26 * names.Columns.Count));
        }
    }

    private static void Texts(HtmlReport page, ExplainResult result)
    {
        page.Section("Which words count", "Orange words speak for the class, blue ones against it: by what its score loses when a word is left out, and by integrated gradients from empty words to these.");
        foreach (Explanation item in result.Explanations)
        {
            string what = Text($"{item.Truth ?? Title(item, result)}, taken for {item.Predicted} ({item.Probability:P0}); explained: {item.Class}");
            if (item.Lost is { } lost)
            {
                page.Words(Marked(item.Tokens, lost), $"{what}; left out");
            }
            if (item.Vectors is { } vectors)
            {
                page.Words(Marked(item.Tokens, [.. vectors.Values.Select(value => (double)value)]), Text($"{what}; integrated gradients, gap {vectors.Gap:G2}"));
            }
        }
    }

    private static string Title(Explanation item, ExplainResult result) => result.IsGiven ? item.Name : $"sample {item.Name}";

    private static IEnumerable<MarkedWord> Marked(IReadOnlyList<string> tokens, IReadOnlyList<double> weights)
    {
        double largest = Math.Max(1e-9, weights.Select(Math.Abs).DefaultIfEmpty(0).Max());
        return tokens.Zip(weights, (token, weight) => new MarkedWord(token, weight / largest));
    }

    private static string[] Row(string name, Attribution attribution) =>
        [name, Text($"{attribution.Score:F3}"), Text($"{attribution.BaselineScore:F3}"), Text($"{attribution.Score - attribution.BaselineScore - attribution.Gap:F3}"), Text($"{attribution.Gap:G2}")];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
