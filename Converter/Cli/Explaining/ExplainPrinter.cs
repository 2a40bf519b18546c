using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Judging.Explaining;

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
        if (names is not null)
        {
            Screen.Table([.. known, "moves the score by"], result.Explanations.Select(item => (string[])[.. Known(item), Columns(item.Readings!, names)]), known.Length + 1);
            return;
        }
        Screen.Table(
            [.. known, .. result.Explanations[0].Lost is null ? Array.Empty<string>() : ["lost without"], .. result.Explanations[0].Vectors is null ? Array.Empty<string>() : ["integrated gradients"]],
            result.Explanations.Select(item => (string[])[.. Known(item), .. Words(item)]),
            known.Length + 2);
    }

    private static string[] Known(Explanation item) => [item.Name, item.Truth ?? "", item.Predicted, Text($"{item.Probability:P1}"), item.Class];

    private static string Peak(PictureMap map) => $"{Percent(map.Map.Peak.Row, map.Map.Height)}, {Percent(map.Map.Peak.Column, map.Map.Width)}";

    private static string Columns(Attribution readings, ReadingNames names) => Largest(names.Columns.Select((name, column) => (name, names.Sum(readings.Values, column))), MostColumns);

    private static IEnumerable<string> Words(Explanation item)
    {
        if (item.Lost is { } lost)
        {
            yield return Largest(item.Tokens.Zip(lost), MostTokens);
        }
        if (item.Vectors is { } vectors)
        {
            yield return Largest(item.Tokens.Zip(vectors.Values, (token, value) => (token, (double)value)), MostTokens);
        }
    }

    private static string Largest(IEnumerable<(string Name, double Weight)> parts, int most) =>
        string.Join(", ", parts.OrderByDescending(part => Math.Abs(part.Weight)).Take(most).Select(part => Text($"{part.Name} {part.Weight:+0.00;−0.00;0.00}")));

    private static string Percent(int place, int length) => Text($"{(place + 0.5) / length:P0}").Replace(" ", "", StringComparison.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
