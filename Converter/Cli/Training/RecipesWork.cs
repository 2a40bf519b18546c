using System.Globalization;
using System.Text.Json;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Reports;
using Edge.Training;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>Runs a folder of recipes one after the other.</summary>
/// <param name="output">The folder for models and reports.</param>
/// <param name="bench">What bench-train wrote; need not exist.</param>
/// <param name="settings">Keys that stand in for every recipe's own.</param>
internal sealed class RecipesWork(string output, string bench, IReadOnlyList<string> settings)
{
    private static readonly string[] Header = ["recipe", "metric", "value", "target", "seconds", "samples/s", "beside torch"];

    private readonly List<RecipeResult> _results = [];
    private readonly List<(Recipe Recipe, TrainOutcome Outcome)> _outcomes = [];

    /// <summary>What the recipes came to, in their order.</summary>
    internal IReadOnlyList<RecipeResult> Results => _results;

    /// <summary>
    /// Trains, and writes recipes.json and recipes.html after each. Where only some recipes run, what recipes.json has of the
    /// others stays there.
    /// </summary>
    /// <returns>Whether every recipe that ran reached its target.</returns>
    internal bool Run(string folder, IReadOnlyList<string> only, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new ToolException($"{folder}: no such folder; name one of recipes");
        }
        string[] files = [.. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)];
        RecipeOverride[] overrides = [.. settings.Select(RecipeOverride.Parse)];
        Recipe[] all = [.. files.Select(file => Recipe.Load(file, overrides))];
        string[] order = Array.ConvertAll(all, recipe => recipe.Name);
        Recipe[] recipes = Array.FindAll(all, recipe => only.Count == 0 || only.Contains(recipe.Name));
        string[] unknown = [.. only.Except(recipes.Select(recipe => recipe.Name))];
        if (unknown.Length > 0 || recipes.Length == 0)
        {
            throw new ToolException($"{folder}: has no recipe {(unknown.Length > 0 ? $"'{unknown[0]}'" : "at all")}; there are {string.Join(", ", files.Select(Path.GetFileNameWithoutExtension))}");
        }
        Directory.CreateDirectory(output);
        string json = Path.Combine(output, "..", "recipes.json");
        IReadOnlyList<RecipeResult> others = only.Count == 0 ? [] : Others(json, [.. order.Except(only)]);
        foreach (Recipe recipe in recipes)
        {
            cancellation.ThrowIfCancellationRequested();
            Screen.Note($"recipe {_results.Count + 1} of {recipes.Length}");
            _results.Add(RunOne(recipe, cancellation));
            AtomicFile.WriteAllText(json, Json.Text(others.Concat(_results).OrderBy(result => Array.IndexOf(order, result.Name))) + "\n");
            Page().Save(Path.Combine(output, "recipes.html"));
        }
        return !_results.Exists(result => result.Reached == false);
    }

    /// <summary>The results as a table.</summary>
    internal void Print() => Screen.Table(Header, _results.Select(Row), texts: 2);

    private static string[] Row(RecipeResult result) =>
    [
        result.Name,
        result.Metric,
        result.Value is { } value ? Text($"{value:F4}") : "skipped",
        result.Target is { } target ? Text($"{target:F3} {result.Reached switch { true => "reached", false => "missed", null => "" }}") : "",
        result.Seconds is { } seconds ? Text($"{seconds:F0}") : "",
        result.ImagesPerSecond is { } speed ? Text($"{speed:N0}") : "",
        result.TorchRatio is { } ratio ? Text($"{ratio:F2}") : "",
    ];

    private RecipeResult RunOne(Recipe recipe, CancellationToken cancellation)
    {
        RecipeGoal goal = recipe.Goal;
        if (Missing(recipe) is { } missing)
        {
            Screen.Note($"{recipe.Name}: skipped: {missing} not present");
            return new RecipeResult(recipe.Name, goal.Metric, null, goal.Target, null, null, null, null, $"{missing} not present");
        }
        Screen.Note($"{recipe.Name}: {recipe.Description}");
        var job = new TrainJob(recipe, Path.Combine(output, $"{recipe.Name}.onnx"));
        TrainOutcome outcome = TrainWork.Run(job, cancellation);
        if (outcome.Result.Reason == StopReason.Cancelled)
        {
            throw new OperationCanceledException(cancellation);
        }
        double value = TrainWork.Score(recipe, outcome)
            ?? throw new TrainingException($"{recipe.Name}: goal.metric {goal.Metric} does not come of task {recipe.Task.ToString().ToLowerInvariant()}; there are {string.Join(", ", outcome.Metrics.Keys)}");
        _outcomes.Add((recipe, outcome));
        Screen.Note(Text($"{recipe.Name}: {goal.Metric} {value:F4}{(goal.Target is { } target ? Text($", goal {target:F3} {(goal.IsReached(value) ? "reached" : "missed")}") : "")}, {outcome.Result.Elapsed.TotalSeconds:F0} s"));
        return new RecipeResult(
            recipe.Name, goal.Metric, value, goal.Target, goal.Target is null ? null : goal.IsReached(value),
            outcome.Result.Elapsed.TotalSeconds, outcome.Result.SamplesPerSecond, TorchRatio(recipe.Model), null);
    }

    /// <summary>What is known of recipes that do not run.</summary>
    private static IReadOnlyList<RecipeResult> Others(string path, string[] names)
    {
        if (!File.Exists(path))
        {
            return [];
        }
        try
        {
            return [.. (JsonSerializer.Deserialize<List<RecipeResult>>(File.ReadAllBytes(path), Json.Options) ?? []).Where(result => names.Contains(result.Name))];
        }
        catch (JsonException)
        {
            throw new ToolException($"{path}: is not what make recipes writes; delete it");
        }
    }

    /// <summary>The folder or file of a recipe that is not there: only what lies outside the checkout may be missing.</summary>
    private static string? Missing(Recipe recipe)
    {
        string[] paths = [.. recipe.DataSource.Split(','), .. ModelSource.IsFile(recipe.Model) ? [recipe.Model] : Array.Empty<string>(), .. recipe.Teacher is { } teacher ? [teacher] : Array.Empty<string>(), .. recipe.ModelKeys.TryGetValue("backbone", out RecipeValue? backbone) && backbone.Text is { } file ? [file] : Array.Empty<string>()];
        string? missing = Array.Find(paths, path => (path.StartsWith("../", StringComparison.Ordinal) || path.StartsWith("out/", StringComparison.Ordinal)) && !Path.Exists(path));
        return missing is null ? null : string.Join('/', missing.Split('/').Take(2));
    }

    private double? TorchRatio(string model)
    {
        if (!File.Exists(bench))
        {
            return null;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(bench));
            return document.RootElement.TryGetProperty("nets", out JsonElement nets) && nets.TryGetProperty(model, out JsonElement net)
                && net.TryGetProperty("torchRatio", out JsonElement ratio) && ratio.ValueKind == JsonValueKind.Number ? ratio.GetDouble() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ToolException($"{bench}: is not what bench-train writes; run make bench-train again, or delete it");
        }
    }

    private HtmlReport Page()
    {
        HtmlReport page = new HtmlReport("Recipes", "Each trained anew, and judged on samples that training never saw.").Section("Results").Table(Header, _results.Select(Row));
        foreach ((Recipe recipe, TrainOutcome outcome) in _outcomes)
        {
            page.Section(recipe.Name, recipe.Description).Paragraph($"{TrainReport.Figures(outcome)}. Recipe {recipe.Hash[..12]}.").Chart(Charts.Lines("epoch", "loss", outcome.Curves.Loss), 240);
            if (outcome.Curves.Accuracy.Any(series => series.Points.Count > 0))
            {
                page.Chart(Charts.Lines("epoch", "accuracy", outcome.Curves.Accuracy), 240);
            }
            if (outcome.Pictures.Count > 0)
            {
                page.Pictures(outcome.Pictures.Select((png, index) => new Picture(png, $"sample {index + 1}")));
            }
            page.Code(recipe.Text);
        }
        return page;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
