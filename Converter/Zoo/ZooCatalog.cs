using Edge.Foundation;
using Edge.Graph;

namespace Edge.Zoo;

/// <summary>The architectures by name.</summary>
public static class ZooCatalog
{
    private static readonly SortedDictionary<string, Func<ClassifierOptions, OnnxModel>> Builders = new(StringComparer.Ordinal)
    {
        ["convnet"] = ConvNet.Build,
        ["mlp"] = Mlp.Build,
    };

    /// <summary>All names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => Builders.Keys;

    /// <summary>Builds an architecture with initial weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Size of the input, classes, dropout, seed.</param>
    /// <exception cref="ZooException">There is no such name (the message has the nearest), or an option makes no sense.</exception>
    public static OnnxModel Build(string name, ClassifierOptions options) =>
        Builders.TryGetValue(name, out Func<ClassifierOptions, OnnxModel>? build)
            ? build(options)
            : throw new ZooException($"the zoo has no model '{name}': {(NearestName.Of(name, Names) is { } nearest ? $"did you mean '{nearest}'?" : "")} It has {string.Join(", ", Names)}");
}
