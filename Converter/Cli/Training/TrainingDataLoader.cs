using System.Globalization;
using Edge.Graph;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.Detection;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>
/// Loads what a recipe learns from: the source is split first, and whatever is learned from samples (statistics, vocabularies)
/// is learned from the training part alone.
/// </summary>
internal static class TrainingDataLoader
{
    private const double TestShare = 0.2;

    /// <summary>Loads, splits and prepares.</summary>
    /// <param name="recipe">What to load.</param>
    /// <param name="options">The seed, and the share or fold to validate with.</param>
    internal static TrainingData Load(Recipe recipe, TrainerOptions options)
    {
        string kind = recipe.DataKind ?? (recipe.Task == RecipeTask.Detect ? "boxes" : Guess(recipe.DataSource));
        if (kind == "boxes" != (recipe.Task == RecipeTask.Detect))
        {
            throw new TrainingException($"{recipe.PlaceOf("task")}: data of kind {kind} are not for the task {recipe.Task.ToString().ToLowerInvariant()}; boxes belong to detect");
        }
        TrainingData data = kind switch
        {
            "idx" => Idx(recipe, options),
            "images" => Images(recipe, options),
            "table" => Table(recipe, options),
            "text" => Text(recipe, options),
            "boxes" => Boxes(recipe, options),
            _ => Arrays(recipe, options),
        };
        DatasetSplit split = Normal(data.Split, recipe);
        ChannelStatistics? statistics = Statistics(recipe, kind, split.Train);
        (IReadOnlyList<IAugmentation> samples, IReadOnlyList<IBatchAugmentation> batches) = Augmentations.Of(recipe.Augment);
        return data with
        {
            Split = new DatasetSplit(
                Prepare(split.Train, statistics, samples)!, Prepare(split.Validation, statistics, []), Prepare(split.Test, statistics, [])),
            Statistics = statistics,
            Normal = recipe.Normal,
            Mixing = batches,
        };
    }

    private static string Guess(string source)
    {
        if (DatasetCatalog.Names.Contains(source) || !Directory.Exists(source))
        {
            return Path.GetExtension(source).ToLowerInvariant() switch { ".csv" or ".tsv" => "table", ".npy" or ".bin" => "array", _ => "idx" };
        }
        return Directory.EnumerateDirectories(source).Any() ? "images" : "idx";
    }

    private static TrainingData Idx(Recipe recipe, TrainerOptions options)
    {
        RefuseForeign(recipe, "four IDX files");
        if (DatasetCatalog.IsWhole(recipe.DataSource))
        {
            (Dataset rest, Dataset test) = KeepTest(DatasetCatalog.LoadWhole(recipe.DataSource), recipe, options);
            return new TrainingData(options.Split(Limit(rest, recipe)) with { Test = test });
        }
        DatasetPair pair = DatasetCatalog.Load(recipe.DataSource);
        return new TrainingData(options.Split(Limit(pair.Train, recipe)) with { Test = pair.Test }) { Pair = pair };
    }

    private static TrainingData Images(Recipe recipe, TrainerOptions options)
    {
        DatasetSplit parts = ImageFolder.Load(recipe.DataSource, RecipeBinder.Bind(new ImageFolderOptions(), recipe.DataKeys, "data of kind images"));
        Dataset? test = parts.Test ?? parts.Validation;
        (Dataset rest, test) = test is null ? KeepTest(parts.Train, recipe, options) : (parts.Train, test);
        rest = Limit(rest, recipe);
        return new TrainingData((parts.Validation is { } own && own != test ? new DatasetSplit(rest, own, null) : options.Split(rest)) with { Test = test });
    }

    private static TrainingData Table(Recipe recipe, TrainerOptions options)
    {
        TableOptions table = RecipeBinder.Bind(new TableOptions(), recipe.DataKeys, "data of kind table") with
        {
            Target = recipe.Task switch { RecipeTask.Regress => TargetKind.Values, RecipeTask.Autoencode => TargetKind.Input, _ => TargetKind.Class },
        };
        TableDataset all = TableDataset.Load(recipe.DataSource, table);
        (Dataset rest, Dataset test) = TestPath(recipe) is { } path ? (all, TableDataset.Load(path, table, all)) : KeepTest(all, recipe, options);
        return new TrainingData(options.Split(Limit(rest, recipe)) with { Test = test }) { Columns = all.ColumnNames, MaximumGap = table.MaximumGap ?? TimeSpan.Zero };
    }

    private static TrainingData Text(Recipe recipe, TrainerOptions options)
    {
        TextOptions text = RecipeBinder.Bind(new TextOptions(), recipe.DataKeys, "data of kind text");
        TextDataset raw = TextDataset.Load(recipe.DataSource, text);
        // The same seed parts the same texts in the same way, whatever they are cut into.
        TextDataset cut = raw.WithVocabularyOf(Parts(raw).Train);
        DatasetSplit split = Parts(cut);
        return new TrainingData(TestPath(recipe) is { } path ? split with { Test = TextDataset.Load(path, text, cut) } : split) { Vocabulary = cut.Vocabulary };

        DatasetSplit Parts(TextDataset all)
        {
            (Dataset rest, Dataset? test) = TestPath(recipe) is null ? KeepTest(all, recipe, options) : (all, null);
            return options.Split(Limit(rest, recipe)) with { Test = test };
        }
    }

    private static TrainingData Boxes(Recipe recipe, TrainerOptions options)
    {
        if (recipe.Augment is { } augment)
        {
            throw augment.Wrong("would change pictures and not their boxes; kind boxes has augmentations of its own: mosaic, mixup, flip, degrees, translate, scaleLeast, scaleMost, hue, saturation, value");
        }
        DetectionOptions boxes = RecipeBinder.Bind(new DetectionOptions(), recipe.DataKeys, "data of kind boxes");
        DetectionDataset data = DetectionDataset.Load(recipe.DataSource, boxes.Images);
        var all = new DetectionSamples(data, boxes);
        Dataset rest = all, test;
        if (TestPath(recipe) is { } path)
        {
            DetectionDataset judging = DetectionDataset.Load(path, boxes.Images);
            test = judging.ClassNames.SequenceEqual(data.ClassNames)
                ? new DetectionSamples(judging, boxes).WithoutAugmentation()
                : throw new TrainingException($"{recipe.PlaceOf("data.test")}: {path} has the classes {string.Join(", ", judging.ClassNames)}, the data to train with {string.Join(", ", data.ClassNames)}; they must be the same");
        }
        else
        {
            (rest, test) = KeepTest(all, recipe, options);
        }
        return new TrainingData(options.Split(Limit(rest, recipe)) with { Test = test }) { IsBgr = boxes.Bgr };
    }

    private static TrainingData Arrays(Recipe recipe, TrainerOptions options)
    {
        var keys = recipe.DataKeys.ToDictionary(StringComparer.Ordinal);
        BinaryFormat? format = null;
        if (keys.Remove("type", out RecipeValue? type) & keys.Remove("shape", out RecipeValue? shape))
        {
            ElementType element = Array.Find(Enum.GetValues<ElementType>(), item => item.Text() == type!.Text);
            _ = element == default ? throw type!.Wrong("is no element type; use int8, uint8, int16, float32, …") : element;
            format = new BinaryFormat(element, [.. (shape!.Items ?? [shape]).Select(item => (int)item.Number)]);
        }
        foreach ((string key, RecipeValue value) in keys)
        {
            throw value.Wrong($"belongs to the key data.{key}, which arrays do not have; they have type and shape (both, for raw numbers)");
        }
        ArrayDataset all = ArrayDataset.Load(recipe.DataSource, recipe.Task == RecipeTask.Autoencode ? null : recipe.Targets, format);
        (Dataset rest, Dataset test) = KeepTest(all, recipe, options);
        return new TrainingData(options.Split(Limit(rest, recipe)) with { Test = test });
    }

    private static void RefuseForeign(Recipe recipe, string what)
    {
        foreach ((string key, RecipeValue value) in recipe.DataKeys)
        {
            throw value.Wrong($"belongs to the key data.{key}, which {what} do not have");
        }
    }

    private static string? TestPath(Recipe recipe) => Share(recipe) is null ? recipe.TestSource : null;

    private static double? Share(Recipe recipe) =>
        recipe.TestSource is not { } text ? TestShare
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            ? share is > 0 and <= 0.9 ? share : throw new TrainingException($"{recipe.PlaceOf("data.test")}: data.test is {text}: use a share above 0 and at most 0.9, or a path")
            : null;

    private static (Dataset Others, Dataset Test) KeepTest(Dataset all, Recipe recipe, TrainerOptions options)
    {
        DatasetSplit split = all.Split(0, Share(recipe) ?? TestShare, options.Seed);
        return (split.Train, split.Test!);
    }

    private static Dataset Limit(Dataset train, Recipe recipe) => recipe.Limit is { } limit ? train.Take(limit) : train;

    private static DatasetSplit Normal(DatasetSplit split, Recipe recipe)
    {
        if (recipe.Normal.Count == 0)
        {
            return split;
        }
        string[] unknown = [.. recipe.Normal.Except(split.Train.ClassNames)];
        return unknown.Length == 0
            ? split with { Train = Only(split.Train), Validation = split.Validation is null ? null : Only(split.Validation) }
            : throw new TrainingException($"{recipe.PlaceOf("data.normal")}: there is no class '{unknown[0]}'; there are {string.Join(", ", split.Train.ClassNames)}");

        Dataset Only(Dataset part) => part.Part([.. Enumerable.Range(0, part.Count).Where(index => recipe.Normal.Contains(part.ClassNames[part.ClassOf(index)]))]);
    }

    private static ChannelStatistics? Statistics(Recipe recipe, string kind, Dataset train)
    {
        if (recipe.Factors is { } factors)
        {
            int channels = train.Inputs[0].Channels;
            return new ChannelStatistics(factors.Scale, Spread(factors.Mean, channels, 0), Spread(factors.Std, channels, 1));
        }
        bool isPicture = kind is "idx" or "images" or "boxes";
        int count = train.Inputs[0].Channels;
        return (recipe.Normalization ?? (isPicture ? "unit" : kind == "table" ? "statistics" : "none")) switch
        {
            "unit" => new ChannelStatistics(1f / 255f, Spread([], count, 0), Spread([], count, 1)),
            "symmetric" => new ChannelStatistics(1f / 255f, Spread([0.5f], count, 0), Spread([0.5f], count, 1)),
            "statistics" => ChannelStatistics.Compute(train, isPicture ? 1f / 255f : 1),
            _ => null,
        };
    }

    private static float[] Spread(IReadOnlyList<float> values, int channels, float unless) =>
        [.. Enumerable.Range(0, channels).Select(channel => values.Count == 0 ? unless : values[Math.Min(channel, values.Count - 1)])];

    private static Dataset? Prepare(Dataset? part, ChannelStatistics? statistics, IReadOnlyList<IAugmentation> augmentations) =>
        part is null || (statistics is null && augmentations.Count == 0) ? part : part.Prepare(statistics?.ToNormalization(), augmentations);
}
