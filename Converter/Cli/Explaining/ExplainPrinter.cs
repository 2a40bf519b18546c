using System.Globalization;
using Edge.Cli.Terminal;

namespace Edge.Cli.Explaining;

/// <summary>Explanations as tables on the terminal.</summary>
internal static class ExplainPrinter
{
    private const int MostTokens = 8;

    internal static void Print(ExplainResult result)
    {
        Screen.Line($"{result.Model.Source} on {result.Feed.Data.Name}{(result.Layer is null ? "" : $", Grad-CAM at '{result.Layer}'")}");
        ReadingNames? names = result.Explanations.Any(item => item.Readings is not null) ? new ReadingNames(result.Feed.Data) : null;
        Screen.Table(["sample", "is", "taken for", "explained", "what counts", "probability"], result.Explanations.Select(item => (string[])[$"{item.Index}", item.Truth ?? "", item.Predicted, item.Class, What(item, names), Text($"{item.Probability:P1}")]), texts: 5);
    }

    private static string What(Explanation item, ReadingNames? names)
    {
        if (item.Maps.Count > 0)
        {
            return string.Join("; ", item.Maps.Select(map => $"{map.Method}: most at row {Percent(map.Map.Peak.Row, map.Map.Height)}, column {Percent(map.Map.Peak.Column, map.Map.Width)}{(map.Attribution is { } attribution ? Text($" (gap {attribution.Gap:G2})") : "")}"));
        }
        return item.Readings is { } readings
            ? string.Join(", ", names!.Columns.Select((name, column) => (name, sum: names.Sum(readings.Values, column))).OrderByDescending(pair => Math.Abs(pair.sum)).Take(4).Select(pair => Text($"{pair.name} {pair.sum:+0.00;−0.00}")))
            : string.Join(", ", item.Tokens.OrderByDescending(token => Math.Abs(token.Weight)).Take(MostTokens).Select(token => Text($"{token.Token} {token.Weight:+0.00;−0.00}")));
    }

    private static string Percent(int place, int length) => Text($"{(place + 0.5) / length:P0}").Replace(" ", "", StringComparison.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
