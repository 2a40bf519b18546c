namespace Edge.Training.Recipes;

/// <summary>One value of a recipe as it was written: a scalar, a list or a map.</summary>
/// <param name="place">Where it stands, such as <c>cnn.yaml:12</c>.</param>
internal sealed class RecipeNode(string place)
{
    /// <summary>Where it stands.</summary>
    public string Place { get; } = place;

    /// <summary>A scalar's text; null for lists and maps.</summary>
    public string? Text { get; init; }

    /// <summary>A list's items; null for others.</summary>
    public List<RecipeNode>? Items { get; init; }

    /// <summary>A map's entries in the order written; null for others.</summary>
    public List<KeyValuePair<string, RecipeNode>>? Entries { get; init; }

    /// <summary>Whether nothing was written: <c>key:</c>.</summary>
    public bool IsEmpty => Text is { Length: 0 };

    /// <summary>An entry by its key, or null.</summary>
    public RecipeNode? Find(string key) => Entries?.Find(entry => entry.Key == key).Value;

    /// <summary>Puts a value in, in place of the one that was there.</summary>
    /// <param name="path">Keys with dots between them.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="TrainingException">On the way there is something that is no map.</exception>
    public void Set(string path, RecipeNode value)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        string key = dot < 0 ? path : path[..dot];
        if (Entries is null)
        {
            throw new TrainingException($"{value.Place}: '{key}' would stand inside a value that is no map");
        }
        int index = Entries.FindIndex(entry => entry.Key == key);
        if (dot < 0)
        {
            Put(value);
            return;
        }
        if (index < 0 || Entries[index].Value is { IsEmpty: true })
        {
            Put(new RecipeNode(value.Place) { Entries = [] });
            index = index < 0 ? Entries.Count - 1 : index;
        }
        Entries[index].Value.Set(path[(dot + 1)..], value);

        void Put(RecipeNode node)
        {
            var entry = KeyValuePair.Create(key, node);
            if (index < 0)
            {
                Entries.Add(entry);
            }
            else
            {
                Entries[index] = entry;
            }
        }
    }
}
