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
    /// <param name="seed">The same seed gives the same weights.</param>
    internal static OnnxModel Build(string name, IReadOnlyDictionary<string, RecipeValue> keys, Dataset data, ulong seed)
    {
        Field input = data.Inputs[0];
        if (input.Shape.Length != 3)
        {
            throw new ZooException($"{name} takes pictures, {data.Name} has samples of {input}");
        }
        var options = new ClassifierOptions
        {
            Channels = input.Shape[0],
            Height = input.Shape[1],
            Width = input.Shape[2],
            Classes = Math.Max(2, data.ClassNames.Count),
            Seed = seed,
        };
        return ZooCatalog.Build(name, RecipeBinder.Bind(options, keys, $"model {name}"));
    }
}
