using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>The augmentations of a recipe.</summary>
internal static class Augmentations
{
    /// <summary>Reads a list whose items are names (<c>flip</c>) or a name with settings (<c>flip: {vertical: 0.5}</c>).</summary>
    /// <param name="list">The list; null for none.</param>
    /// <exception cref="DataException">There is no such augmentation; the message has the nearest.</exception>
    internal static (IReadOnlyList<IAugmentation> Samples, IReadOnlyList<IBatchAugmentation> Batches) Of(RecipeValue? list)
    {
        var samples = new List<IAugmentation>();
        var batches = new List<IBatchAugmentation>();
        foreach (RecipeValue item in list is null ? [] : list.Items ?? [list])
        {
            (string name, IReadOnlyDictionary<string, RecipeValue> settings) = Read(item);
            object found = Find(name, item);
            if (found is IAugmentation sample)
            {
                samples.Add(RecipeBinder.Bind(sample, settings, $"augmentation {name}"));
            }
            else
            {
                batches.Add(RecipeBinder.Bind((IBatchAugmentation)found, settings, $"augmentation {name}"));
            }
        }
        return (samples, batches);
    }

    private static (string Name, IReadOnlyDictionary<string, RecipeValue> Settings) Read(RecipeValue item)
    {
        if (item.Text is { } name)
        {
            return (name, new Dictionary<string, RecipeValue>());
        }
        if (item.Entries is not { Count: 1 } entries)
        {
            throw item.Wrong("is no augmentation; write a name, or one name with its settings: flip: {vertical: 0.5}");
        }
        (string key, RecipeValue settings) = entries.First();
        return (key, settings.Entries ?? throw settings.Wrong($"are no settings of {key}; write {key}: {{setting: value}}"));
    }

    private static object Find(string name, RecipeValue item)
    {
        try
        {
            return AugmentationCatalog.Find(name);
        }
        catch (DataException e)
        {
            throw new DataException($"{item.Place}: {e.Message}", e);
        }
    }
}
