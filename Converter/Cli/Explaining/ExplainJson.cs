namespace Edge.Cli.Explaining;

/// <summary>Explanations as <c>edge explain --json</c> prints them.</summary>
internal static class ExplainJson
{
    internal static object Of(ExplainResult result)
    {
        ReadingNames? names = result.Explanations.Any(item => item.Readings is not null) ? new ReadingNames(result.Feed.Data, result.Columns) : null;
        return new
        {
            model = result.Model.Source,
            data = result.Feed.Data.Name,
            layer = result.Layer,
            notes = result.Notes,
            samples = result.Explanations.Select(item => new
            {
                index = item.Index,
                name = result.IsGiven ? item.Name : null,
                truth = item.Truth,
                predicted = item.Predicted,
                probability = item.Probability,
                explained = item.Class,
                maps = item.Maps.Count == 0 ? null : item.Maps.Select(map => new
                {
                    method = map.Method,
                    height = map.Map.Height,
                    width = map.Map.Width,
                    peak = new { row = map.Map.Peak.Row, column = map.Map.Peak.Column },
                    score = map.Attribution?.Score,
                    baselineScore = map.Attribution?.BaselineScore,
                    gap = map.Attribution?.Gap,
                    values = map.Map.Values,
                }),
                columns = item.Readings is { } readings ? names!.Columns.Select((name, column) => new { name, attribution = names.Sum(readings.Values, column) }) : null,
                gap = item.Readings?.Gap ?? item.Vectors?.Gap,
                attributions = item.Readings?.Values,
                tokens = item.Tokens.Count == 0 ? null : item.Tokens.Select((token, place) => new { token, lost = item.Lost?[place], attribution = item.Vectors?.Values[place] }),
            }),
        };
    }
}
