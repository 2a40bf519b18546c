using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>The augmentations of a recipe: a list of names, each alone or with its settings.</summary>
internal static class Augmentations
{
    internal static (IReadOnlyList<IAugmentation> Samples, IReadOnlyList<IBatchAugmentation> Batches) Of(RecipeValue? list)
    {
        var samples = new List<IAugmentation>();
        var batches = new List<IBatchAugmentation>();
        foreach (RecipeValue item in list is null ? [] : list.Items ?? throw list.Wrong("is no list of augmentations, such as [flip, {crop: {padding: 2}}]"))
        {
            (string name, RecipeValue settings) = item.Entries is { Count: 1 } entries ? (entries.First().Key, entries.First().Value)
                : item.Text is { } word ? (word, item)
                : throw item.Wrong("is no augmentation: write a name, or a name with a map of settings");
            object augmentation;
            try
            {
                augmentation = AugmentationCatalog.Find(name);
            }
            catch (DataException e)
            {
                throw item.Wrong($"names no augmentation ({e.Message})");
            }
            object chosen = ReferenceEquals(settings, item) ? augmentation
                : RecipeBinder.Bind(augmentation, settings.Entries ?? throw settings.Wrong($"is no map of settings of {name}; write {name}: {{setting: value}}"), name);
            if (chosen is IBatchAugmentation mixing)
            {
                batches.Add(mixing);
            }
            else
            {
                samples.Add((IAugmentation)chosen);
            }
        }
        return (samples, batches);
    }
}
