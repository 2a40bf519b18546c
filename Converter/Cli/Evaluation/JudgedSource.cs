using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Inference.Text;
using Edge.Packages;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Evaluation;

/// <summary>Where the samples come from that judge a model: a data set by name or folder, or the test part of a recipe.</summary>
internal sealed record JudgedSource
{
    /// <summary>What training never saw.</summary>
    public required Dataset Test { get; init; }

    /// <summary>What training learned from, in the form of <see cref="Test"/>: what a model is calibrated with. Null where there is none.</summary>
    public Dataset? Train { get; init; }

    /// <summary>The samples where they were given one by one; null for a data set.</summary>
    public GivenSamples? Given { get; init; }

    /// <summary>What a model of these data takes, for models that do not say it themselves; null where nobody knows.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>What texts are cut with; null for other data.</summary>
    public Vocabulary? Vocabulary { get; init; }

    /// <summary>The names of a table's columns; empty for other data.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The normal classes, for models that find anomalies.</summary>
    public IReadOnlyList<string> Normal { get; init; } = [];

    /// <summary>What a recipe measures its model by; null where there is none.</summary>
    public string? Metric { get; init; }

    /// <summary>Whether a model of these data rebuilds its input.</summary>
    public bool IsAutoencoder { get; init; }

    /// <summary>Opens what the command line names, or what the model was trained with.</summary>
    /// <param name="data">A name, a folder or a recipe; null for the model's own.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ToolException">Nothing is named, and the model does not say what it was trained with.</exception>
    /// <exception cref="DataException">There is no such data, or they are damaged.</exception>
    /// <exception cref="TrainingException">The recipe is wrong.</exception>
    internal static JudgedSource Open(string? data, JudgedModel model)
    {
        if (data is null)
        {
            return model.Model.Metadata.TryGetValue(Provenance.RecipeEntry, out string? text)
                ? Of(Recipe.Parse(text, model.Source))
                : throw new ToolException($"{model.Source}: does not say what it was trained with; name the data with --data");
        }
        bool isRecipe = data.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || data.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
        if (isRecipe)
        {
            return Of(Recipe.Load(data));
        }
        if (SignalData.IsFor(data, model))
        {
            return SignalData.Open(data, model, isLabelled: true);
        }
        DatasetPair pair = DatasetCatalog.Load(data);
        return new JudgedSource { Test = pair.Test, Train = pair.Train };
    }

    private static JudgedSource Of(Recipe recipe)
    {
        if (recipe.Task == RecipeTask.Gan)
        {
            throw new ToolException($"{recipe.Name}: is a recipe for a generator, which has no right answers to be judged by");
        }
        TrainingData data = TrainingDataLoader.Load(recipe, recipe.Options());
        (Dataset train, Dataset test) = (data.Train.WithoutAugmentation(), data.Test);
        ModelCard? card = null;
        if (SampleFeed.PictureOf(test) is { } size && data.Statistics is { } statistics)
        {
            // Pictures are judged from their levels on, as a camera gives them; the card says how to normalise them.
            Normalization normalization = statistics.ToNormalization();
            Normalization back = new ChannelStatistics(1, normalization.Add.ToArray(), normalization.Multiply.ToArray()).ToNormalization();
            (train, test) = (train.Prepare(back), test.Prepare(back));
            card = new ModelCard
            {
                Task = recipe.Task == RecipeTask.Autoencode ? ModelTask.Anomaly : ModelTask.Classify,
                Input = new InputSpec
                {
                    Channels = size.Channels,
                    Height = size.Height,
                    Width = size.Width,
                    ColorOrder = size.Channels == 1 ? ColorOrder.Grey : ColorOrder.Rgb,
                    Scale = statistics.Scale,
                    Mean = statistics.Mean,
                    Std = statistics.Std,
                },
                Output = new OutputSpec { Family = OutputSpec.Classifier },
                Labels = test.ClassNames,
            };
        }
        return new JudgedSource
        {
            Test = test,
            Train = train,
            Card = card,
            Vocabulary = data.Vocabulary,
            Columns = recipe.DataKeys.TryGetValue("columns", out RecipeValue? columns) ? columns.Texts : [],
            Normal = data.Normal,
            IsAutoencoder = recipe.Task == RecipeTask.Autoencode,
            Metric = recipe.Goal.Metric,
        };
    }
}
