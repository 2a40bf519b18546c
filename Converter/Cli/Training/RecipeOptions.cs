using System.CommandLine;
using System.Globalization;
using Edge.Training.Optimizers;
using Edge.Training.Recipes;
using Edge.Training.Schedules;

namespace Edge.Cli.Training;

/// <summary>Options of a verb that are keys of a recipe; what is given stands in for the recipe's own value.</summary>
internal sealed class RecipeOptions
{
    private readonly List<(Option Option, string Path)> _keys = [];
    private readonly Option<string[]> _set = new("--set") { Description = "Any other key of a recipe: training.clipNorm=1.", HelpName = "KEY=VALUE" };

    /// <summary>Lists the options.</summary>
    internal RecipeOptions()
    {
        Key<string>("--data", "data.source", "The data set: 'fashion-mnist', a folder or a file; see firmware-docs/recipes.md.", "DATA");
        Key<int?>("--epochs", "training.epochs", "How often each training sample is seen (5).", "N");
        Key<double?>("--seconds", "training.seconds", "Stop after about this long, even if epochs are left.", "S");
        Key<int?>("--batch", "training.batch", "Samples in a batch (128).", "N");
        Key<string>("--optimizer", "optimizer.name", $"{string.Join(", ", OptimizerOptions.Names)} (adam).", "NAME");
        Key<double?>("--lr", "optimizer.learningRate", "Learning rate; the optimizer's own default unless given.", "X");
        Key<string>("--schedule", "schedule.name", $"How the learning rate changes: {string.Join(", ", Schedule.Names)} (cosine).", "NAME");
        Key<double?>("--validation", "data.validation", "Share of the training samples kept back to validate with (0.1).", "P");
        Key<ulong?>("--seed", "seed", "The same seed gives the same model (1).", "N");
        Key<string>("--device", "device", "auto, cpu, cuda or cuda:N (auto).", "DEVICE");
    }

    /// <summary>Whether progress goes on from the last checkpoint.</summary>
    internal Option<bool> Resume { get; } = new("--resume") { Description = "Go on from the last checkpoint." };

    /// <summary>Whether the time of each operator is shown.</summary>
    internal Option<bool> Profile { get; } = new("--profile") { Description = "Show where the time goes." };

    /// <summary>Adds an option for a key.</summary>
    internal void Key<T>(string name, string path, string description, string? help = null) =>
        _keys.Add((new Option<T>(name) { Description = description, HelpName = help }, path));

    /// <summary>Adds the options to a verb.</summary>
    internal void AddTo(Command command)
    {
        foreach ((Option option, _) in _keys)
        {
            command.Options.Add(option);
        }
        command.Options.Add(_set);
        command.Options.Add(Resume);
        command.Options.Add(Profile);
    }

    /// <summary>What was given.</summary>
    internal IEnumerable<RecipeOverride> Given(ParseResult parse)
    {
        foreach ((Option option, string path) in _keys)
        {
            if (parse.GetResult(option) is { Implicit: false } result)
            {
                // A switch without a value says true.
                string value = result.Tokens.Count > 0 ? string.Join(", ", result.Tokens.Select(token => token.Value)) : "true";
                yield return new RecipeOverride(path, Quote(value, path), option.Name);
            }
        }
        foreach (string text in parse.GetValue(_set) ?? [])
        {
            yield return RecipeOverride.Parse(text);
        }
    }

    /// <summary>A value that YAML reads as it stands: paths and patterns may hold what means something there.</summary>
    internal static string Quote(string value, string path) => RecipeSchema.Find(path)?.Kind switch
    {
        RecipeKind.Texts => $"[{string.Join(", ", value.Split(", ").Select(item => Quote(item, "name")))}]",
        RecipeKind.Text or null => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
