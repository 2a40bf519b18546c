using Edge.Cli.Models;
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

    /// <summary>The card of a trained model; null where its input is nothing that a card describes.</summary>
    internal static ModelCard? Card(Recipe recipe, TrainingData data, int samples, TrainingResult result, IReadOnlyDictionary<string, double> metrics) =>
        data.Card is not { } card ? null : card with
        {
            Training = new TrainingProvenance
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
            },
        };

    /// <summary>Writes it into a model.</summary>
    internal static void Write(OnnxModel model, ModelCard? card, Recipe recipe)
    {
        card?.Write(model);
        model.Metadata[RecipeEntry] = recipe.Text;
        model.ProducerName = "edge";
        model.ProducerVersion = Product.Version;
    }
}
