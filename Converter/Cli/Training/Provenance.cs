using System.Text;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Packages;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>What a model and its package tell about how the weights came about.</summary>
internal static class Provenance
{
    /// <summary>The metadata entry with the recipe's text.</summary>
    internal const string RecipeEntry = "edge.recipe";

    /// <summary>The metadata entry with scale, mean and standard deviation of the input's channels.</summary>
    internal const string NormalizationEntry = "edge.normalization";

    /// <summary>The metadata entry with the vocabulary of a model of texts.</summary>
    internal const string VocabularyEntry = "edge.vocabulary";

    /// <summary>The metric of an autoencoder of readings above which readings are unusual.</summary>
    internal const string AnomalyThreshold = "anomalyThreshold";

    /// <summary>The card of a trained model; null where its input is nothing that a card describes.</summary>
    internal static ModelCard? Card(Recipe recipe, TrainingData data, int samples, TrainingResult result, IReadOnlyDictionary<string, double> metrics) =>
        data.Card is { } card ? card with { Training = Training(recipe, data, samples, result, metrics) } : null;

    /// <summary>The same for a model of readings or texts.</summary>
    internal static SignalCard? Signal(Recipe recipe, TrainingData data, int samples, TrainingResult result, IReadOnlyDictionary<string, double> metrics) =>
        data.Card is null && data.Signal is { } card
            ? card with
            {
                Training = Training(recipe, data, samples, result, metrics),
                Output = card.Output with { AnomalyThreshold = metrics.TryGetValue(AnomalyThreshold, out double threshold) ? threshold : null },
            }
            : null;

    /// <summary>Writes it into a model.</summary>
    internal static void Write(OnnxModel model, ModelCard? card, Recipe recipe, TrainingData data)
    {
        card?.Write(model);
        model.Metadata[RecipeEntry] = recipe.Text;
        if (data.Statistics is { } statistics)
        {
            model.Metadata[NormalizationEntry] = Json.Text(statistics);
        }
        if (data.Vocabulary is { } vocabulary)
        {
            model.Metadata[VocabularyEntry] = Encoding.UTF8.GetString(vocabulary.ToUtf8());
        }
        model.ProducerName = "edge";
        model.ProducerVersion = Product.Version;
    }

    private static TrainingProvenance Training(Recipe recipe, TrainingData data, int samples, TrainingResult result, IReadOnlyDictionary<string, double> metrics) => new()
    {
        DataSet = recipe.DataSource,
        DataFingerprint = data.Fingerprint(),
        Architecture = Path.GetFileName(recipe.Model),
        Recipe = recipe.Hash,
        Seed = (long)recipe.Seed,
        Epochs = result.History.Count,
        Samples = samples,
        Tool = $"edge {Product.Version}, libtorch {Libtorch.Version}",
        Metrics = new Dictionary<string, double>(metrics),
    };
}
