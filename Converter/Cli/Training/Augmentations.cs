using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>The augmentations of a recipe.</summary>
internal static class Augmentations
{
    internal static (IReadOnlyList<IAugmentation> Samples, IReadOnlyList<IBatchAugmentation> Batches) Of(RecipeValue? list) =>
        list is null ? ([], []) : throw list.Wrong("names an augmentation, and there are none");
}
