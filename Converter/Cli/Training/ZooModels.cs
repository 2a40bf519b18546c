using Edge.Graph;
using Edge.Training.Data;
using Edge.Training.Recipes;
using Edge.Zoo;

namespace Edge.Cli.Training;

/// <summary>Models of the zoo, sized for a data set.</summary>
internal static class ZooModels
{
    /// <summary>Builds a model.</summary>
    /// <param name="name">A name of the zoo.</param>
    /// <param name="keys">Its parameters, as the recipe has them.</param>
    /// <param name="data">What it is to learn from.</param>
    /// <param name="vocabulary">Numbers of the texts' vocabulary; null for other data.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    internal static OnnxModel Build(string name, IReadOnlyDictionary<string, RecipeValue> keys, Dataset data, int? vocabulary, ulong seed)
    {
        ZooEntry entry = ZooCatalog.Find(name);
        int[] shape = data.Inputs[0].Shape.ToArray();
        var options = new ZooOptions
        {
            Shape = shape,
            Classes = data.TargetKind == TargetKind.Values ? data.Target!.Length : Math.Max(data.TargetKind == TargetKind.Boxes ? 1 : 2, data.ClassNames.Count),
            Vocabulary = vocabulary ?? new ZooOptions().Vocabulary,
            Seed = seed,
        };
        options = shape.Length == 3 ? options with { Shape = null, Channels = shape[0], Height = shape[1], Width = shape[2] } : options;
        return entry.Build(RecipeBinder.Bind(options, keys, $"model {name}"));
    }
}
