using System.Globalization;
using Edge.Cli.Terminal;

namespace Edge.Cli.Explaining;

/// <summary>Explanations as tables on the terminal.</summary>
internal static class ExplainPrinter
{
    private const int MostTokens = 8, MostColumns = 4;

    internal static void Print(ExplainResult result)
    {
        Screen.Line($"{result.Model.Source} on {result.Feed.Data.Name}{(result.Layer is null ? "" : $", Grad-CAM at '{result.Layer}'")}");
        ReadingNames? names = result.Explanations.Any(item => item.Readings is not null) ? new ReadingNames(result.Feed.Data, result.Columns) : null;
        string[] known = ["sample", "is", "taken for", "probability", "explained"];
        if (result.Explanations[0].Maps is { Count: > 0 } maps)
        {
            Screen.Table([.. known, .. maps.Select(map => $"peak of {map.Method}")], result.Explanations.Select(item => (string[])[.. Known(item), .. item.Maps.Select(Peak)]), known.Length + maps.Count);
            Screen.Line("Peaks are given as row and column, from the top left.");
            return;
        }
        Screen.Table([.. known, names is null ? "lost without" : "moves the score by"], result.Explanations.Select(item => (string[])[.. Known(item), What(item, names)]), known.Length + 1);
    }

    private static string[] Known(Explanation item) => [$"{item.Index}", item.Truth ?? "", item.Predicted, Text($"{item.Probability:P1}"), item.Class];

    private static string Peak(PictureMap map) => $"{Percent(map.Map.Peak.Row, map.Map.Height)}, {Percent(map.Map.Peak.Column, map.Map.Width)}";

    private static string What(Explanation item, ReadingNames? names) => item.Readings is { } readings
        ? string.Join(", ", names!.Columns.Select((name, column) => (name, sum: names.Sum(readings.Values, column))).OrderByDescending(pair => Math.Abs(pair.sum)).Take(MostColumns).Select(pair => Text($"{pair.name} {pair.sum:+0.00;−0.00}")))
        : string.Join(", ", item.Tokens.OrderByDescending(token => Math.Abs(token.Weight)).Take(MostTokens).Select(token => Text($"{token.Token} {token.Weight:+0.00;−0.00}")));

    private static string Percent(int place, int length) => Text($"{(place + 0.5) / length:P0}").Replace(" ", "", StringComparison.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
