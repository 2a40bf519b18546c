using System.Text;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Graph;
using Edge.Inference.Text;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Evaluation;

/// <summary>
/// A table of readings or texts as a model of such takes it: columns, windows, statistics and vocabulary are the model's own, what
/// tells recordings and classes apart is in the recipe that it carries.
/// </summary>
internal static class SignalData
{
    private static readonly string[] Others = [".yaml", ".yml", ".json", ".npy", ".pb", ".bin", ".raw", ".jpg", ".jpeg", ".png"];

    /// <summary>Whether a path is a table, and the model one of readings or texts.</summary>
    internal static bool IsFor(string path, JudgedModel model) =>
        File.Exists(path) && !Others.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && SignalCard.Read(model.Model, model.Source) is not null;

    /// <summary>Reads a table.</summary>
    /// <param name="path">A CSV or TSV file.</param>
    /// <param name="model">A model that <see cref="IsFor"/> accepts.</param>
    /// <param name="isLabelled">Whether classes are wanted; readings alone need none.</param>
    /// <exception cref="DataException">The table does not fit the model.</exception>
    /// <exception cref="ToolException">Nobody says where the classes are.</exception>
    internal static JudgedSource Open(string path, JudgedModel model, bool isLabelled)
    {
        SignalCard card = SignalCard.Read(model.Model, model.Source)!;
        Recipe? recipe = model.Model.Metadata.TryGetValue(Provenance.RecipeEntry, out string? text) ? Recipe.Parse(text, model.Source) : null;
        if (card.Text is not null)
        {
            return Texts(path, model, card, recipe);
        }
        return card.Sensor is { } sensor
            ? Readings(path, model, card, sensor, recipe, isLabelled)
            : throw new ModelFormatException($"{model.Source}: its metadata entry '{SignalCard.Key}' names neither columns nor a vocabulary; train the model again");
    }

    /// <summary>What brings readings to the numbers that a model was trained with.</summary>
    internal static Normalization Scale(SensorSpec sensor) => new ChannelStatistics(
        1, sensor.Mean.Count == 0 ? new float[sensor.Columns.Count] : sensor.Mean, sensor.Std.Count == 0 ? [.. Enumerable.Repeat(1f, sensor.Columns.Count)] : sensor.Std).ToNormalization();

    /// <summary>What a model of texts cuts them with.</summary>
    /// <exception cref="ToolException">The model has lost it.</exception>
    internal static Vocabulary VocabularyOf(JudgedModel model) => model.Model.Metadata.TryGetValue(Provenance.VocabularyEntry, out string? text)
        ? Vocabulary.Parse(Encoding.UTF8.GetBytes(text), model.Source)
        : throw new ToolException($"{model.Source}: has no vocabulary to cut texts with; train it again");

    private static JudgedSource Readings(string path, JudgedModel model, SignalCard card, SensorSpec sensor, Recipe? recipe, bool isLabelled)
    {
        TableOptions own = recipe is null ? new TableOptions() : RecipeBinder.Bind(new TableOptions(), recipe.DataKeys, "data of kind table");
        bool isAnomaly = card.Task == ModelTask.Anomaly;
        if (isLabelled && !isAnomaly && own.Labels.Count == 0)
        {
            throw new ToolException($"{path}: {model.Source} does not say which column holds the classes; judge it by a recipe (.yaml)");
        }
        TableDataset rows = TableDataset.Load(path, own with
        {
            Columns = sensor.Columns,
            Window = sensor.Window,
            Block = 0,
            Target = isLabelled && !isAnomaly ? TargetKind.Class : TargetKind.Input,
            Labels = isLabelled ? own.Labels : [],
        });
        return new JudgedSource
        {
            Test = Checked(rows, card.Labels, path, model.Source).Prepare(Scale(sensor)),
            Columns = sensor.Columns,
            Normal = recipe?.Normal ?? [],
            IsAutoencoder = isAnomaly,
            Metric = recipe?.Goal.Metric,
        };
    }

    private static JudgedSource Texts(string path, JudgedModel model, SignalCard card, Recipe? recipe)
    {
        TextOptions own = recipe is null ? new TextOptions() : RecipeBinder.Bind(new TextOptions(), recipe.DataKeys, "data of kind text");
        Vocabulary vocabulary = VocabularyOf(model);
        TextDataset texts = TextDataset.Load(path, own).With(vocabulary);
        return new JudgedSource { Test = Checked(texts, card.Labels, path, model.Source), Vocabulary = vocabulary, Metric = recipe?.Goal.Metric };
    }

    // Classes are numbered as they are found: only with all of them are the numbers those of the model.
    private static Dataset Checked(Dataset data, IReadOnlyList<string> labels, string path, string source) =>
        data.TargetKind != TargetKind.Class || labels.Count == 0 || data.ClassNames.SequenceEqual(labels)
            ? data
            : throw new DataException($"{path}: holds the classes {string.Join(", ", data.ClassNames.Take(10))}, {source} tells {string.Join(", ", labels.Take(10))} apart; give data with the same");
}
