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
            : throw new ZooException($"the zoo has no model '{name}': did you mean '{Nearest(name)}'? It has {string.Join(", ", Names)}");

    private static string Nearest(string name)
    {
        string best = "";
        int least = int.MaxValue;
        foreach (string candidate in Builders.Keys)
        {
            int distance = Distance(name, candidate);
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }
        return best;
    }

    /// <summary>How many letters to add, drop or change (Levenshtein).</summary>
    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, 64)];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.Length; j++)
            {
                int change = diagonal + (char.ToLowerInvariant(a[i - 1]) == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
