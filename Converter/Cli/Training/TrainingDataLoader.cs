using Edge.Cli.Models;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>Loads what a recipe learns from.</summary>
internal static class TrainingDataLoader
{
    internal static TrainingData Load(Recipe recipe)
    {
        foreach ((string key, RecipeValue value) in recipe.DataKeys)
        {
            throw value.Wrong($"belongs to the key data.{key}, which pictures in IDX files do not have");
        }
        DatasetPair pair = DatasetCatalog.Load(recipe.DataSource);
        var normalization = Normalization.Unit(pair.Train.Channels);
        Dataset train = pair.Train.Prepare(normalization);
        return new TrainingData(recipe.DataSource, Limit(train, recipe), pair.Test.Prepare(normalization), pair)
        {
            Card = new ModelCard
            {
                Task = ModelTask.Classify,
                Input = new InputSpec
                {
                    Channels = pair.Train.Channels,
                    Height = pair.Train.Height,
                    Width = pair.Train.Width,
                    ColorOrder = pair.Train.Channels == 1 ? ColorOrder.Grey : ColorOrder.Rgb,
                },
                Output = new OutputSpec { Family = OutputSpec.Classifier },
                Labels = pair.Train.ClassNames,
            },
        };
    }

    private static Dataset Limit(Dataset train, Recipe recipe) => recipe.Limit is { } limit ? train.Take(limit) : train;
}
