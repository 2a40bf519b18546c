using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Edge.Foundation;

namespace Edge.Training.Recipes;

/// <summary>A recipe's values by key, each checked against the schema.</summary>
internal sealed partial class RecipeValues
{
    private readonly SortedDictionary<string, RecipeNode> _values = new(StringComparer.Ordinal);

    /// <summary>Checks a tree.</summary>
    /// <exception cref="TrainingException">A key is unknown, or a value is not what its key takes.</exception>
    public RecipeValues(RecipeNode root)
    {
        foreach ((string key, RecipeNode node) in root.Entries ?? [])
        {
            Add("", key, node);
        }
        foreach ((string path, RecipeNode node) in _values)
        {
            CheckVariant(path, node);
        }
    }

    /// <summary>All keys that were written, as YAML with sorted sections and keys.</summary>
    /// <param name="without">Keys to leave out.</param>
    public string ToYaml(params ReadOnlySpan<string> without)
    {
        var text = new StringBuilder();
        string open = "";
        foreach ((string path, RecipeNode node) in _values.OrderBy(item => item.Key.Contains('.', StringComparison.Ordinal)).ThenBy(item => item.Key, StringComparer.Ordinal))
        {
            // The maps of a list stand in the list already.
            if (path.Contains('[', StringComparison.Ordinal) || without.Contains(path))
            {
                continue;
            }
            int dot = path.IndexOf('.', StringComparison.Ordinal);
            string section = dot < 0 ? "" : path[..dot];
            if (section != open)
            {
                text.Append(null, $"{section}:\n");
                open = section;
            }
            text.Append(null, $"{(dot < 0 ? "" : "  ")}{Scalar(path[(dot + 1)..])}: {Flow(node)}\n");
        }
        return text.ToString();
    }

    public bool Has(string path) => _values.ContainsKey(path);

    /// <summary>Where a value stands, for messages; the recipe as a whole where it was not written.</summary>
    public string Place(string path) => _values.TryGetValue(path, out RecipeNode? node) ? node.Place : "recipe";

    public RecipeNode? Node(string path) => _values.GetValueOrDefault(path);

    public string? Text(string path) => _values.GetValueOrDefault(path)?.Text;

    public string Text(string path, string unless) => Text(path) ?? unless;

    public double? Number(string path) => Text(path) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public double Number(string path, double unless) => Number(path) ?? unless;

    public int Integer(string path, int unless) => Text(path) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : unless;

    public bool Flag(string path, bool unless) => Text(path) is { } text ? text == "true" : unless;

    public IReadOnlyList<double>? Numbers(string path) =>
        _values.GetValueOrDefault(path)?.Items is { } items ? [.. items.Select(item => double.Parse(item.Text!, CultureInfo.InvariantCulture))] : null;

    public IReadOnlyList<string> Texts(string path) => _values.GetValueOrDefault(path) switch
    {
        null => [],
        { Text: { } one } => [one],
        { Items: var items } => [.. items!.Select(item => item.Text!)],
    };

    /// <summary>How many maps a list of maps has; its values stand behind <c>path[0].</c> and so on.</summary>
    public int Count(string path) => _values.GetValueOrDefault(path)?.Items?.Count ?? 0;

    /// <summary>Keys of an open section that are not the recipe's own.</summary>
    public IEnumerable<(string Key, RecipeNode Value)> Foreign(string section)
    {
        foreach ((string path, RecipeNode node) in _values)
        {
            if (path.StartsWith(section + ".", StringComparison.Ordinal) && RecipeSchema.Find(path) is null)
            {
                yield return (path[(section.Length + 1)..], node);
            }
        }
    }

    private static string Flow(RecipeNode node) =>
        node.Text is { } text ? Scalar(text)
        : node.Items is { } items ? $"[{string.Join(", ", items.Select(Flow))}]"
        : $"{{{string.Join(", ", node.Entries!.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{Scalar(entry.Key)}: {Flow(entry.Value)}"))}}}";

    private static string Scalar(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^(?!null$)[A-Za-z0-9_./+-]*[A-Za-z0-9_][A-Za-z0-9_./+-]*\z")]
    private static partial Regex Plain();

    private void Add(string section, string key, RecipeNode node)
    {
        string path = section.Length == 0 ? key : $"{section}.{key}";
        string generic = Generic(path);
        if (RecipeSchema.Find(generic) is { } known)
        {
            if (!node.IsEmpty)
            {
                Check(known, path, node);
                _values.Add(path, node);
            }
        }
        else if (RecipeSchema.Sections.Any(item => item.Name == path) || RecipeSchema.Keys.Any(item => item.Section == path))
        {
            foreach ((string inner, RecipeNode value) in node.Entries ?? (node.IsEmpty ? [] : throw Wrong(node, path, "is a section: write its keys below it, indented")))
            {
                Add(path, inner, value);
            }
        }
        else if (section.Length > 0 && RecipeSchema.IsOpen(section))
        {
            _values.Add(path, node);
        }
        else
        {
            throw Unknown(section, key, node);
        }
    }

    private static string Generic(string path)
    {
        int open = path.IndexOf('[', StringComparison.Ordinal);
        return open < 0 ? path : $"{path[..open]}[]{path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..]}";
    }

    private void Check(RecipeKey key, string path, RecipeNode node)
    {
        switch (key.Kind)
        {
            case RecipeKind.Free:
                break;
            case RecipeKind.Maps:
                CheckMaps(path, node);
                break;
            case RecipeKind.Numbers:
                foreach (RecipeNode item in node.Items ?? throw Wrong(node, path, "takes a list of numbers, such as [1, 2]"))
                {
                    CheckNumber(key, path, item);
                }
                break;
            case RecipeKind.Texts:
                if (node.Text is null && node.Items?.TrueForAll(item => item.Text is not null) != true)
                {
                    throw Wrong(node, path, "takes a list of texts, such as [one, two]");
                }
                break;
            default:
                if (node.Text is null)
                {
                    throw Wrong(node, path, $"takes one value ({key.Takes})");
                }
                CheckScalar(key, path, node);
                break;
        }
    }

    private void CheckMaps(string path, RecipeNode node)
    {
        List<RecipeNode> items = node.Items ?? throw Wrong(node, path, "takes a list of maps: lines that begin with '- '");
        for (int i = 0; i < items.Count; i++)
        {
            foreach ((string key, RecipeNode value) in items[i].Entries ?? throw Wrong(items[i], path, "takes a list of maps, such as - {match: conv1/*, rate: 0.1}"))
            {
                string inner = $"{path}[].{key}";
                RecipeKey known = RecipeSchema.Find(inner) ?? throw Unknown($"{path}[]", key, value);
                Check(known, $"{path}[{i}].{key}", value);
                _values.Add($"{path}[{i}].{key}", value);
            }
        }
    }

    private static void CheckScalar(RecipeKey key, string path, RecipeNode node)
    {
        string text = node.Text!;
        switch (key.Kind)
        {
            case RecipeKind.Choice when !key.Choices.Contains(text):
                string hint = NearestName.Of(text, key.Choices) is { } nearest ? $"; did you mean '{nearest}'?" : "";
                throw Wrong(node, path, $"is '{text}': use {key.Takes}{hint}");
            case RecipeKind.Flag when text is not ("true" or "false"):
                throw Wrong(node, path, $"is '{text}': use true or false");
            case RecipeKind.Integer or RecipeKind.Number:
                CheckNumber(key, path, node);
                break;
        }
    }

    private static void CheckNumber(RecipeKey key, string path, RecipeNode node)
    {
        bool isNumber = double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        bool isWhole = long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        if (!isNumber || !key.Range.Holds(number) || (key.Kind == RecipeKind.Integer && !isWhole))
        {
            throw Wrong(node, path, $"is '{node.Text}': use a {(key.Kind == RecipeKind.Integer ? "whole number" : "number")}, {key.Range}");
        }
    }

    /// <summary>A loss has no momentum: keys of one variant are refused beside another.</summary>
    private void CheckVariant(string path, RecipeNode node)
    {
        if (RecipeSchema.Find(path) is not { Of.Count: > 0 } key)
        {
            return;
        }
        string unless = key.Section switch { "optimizer" => "adam", "schedule" => "cosine", _ => Text("task", "") switch { "regress" or "autoencode" => "mse", "detect" => "detection", _ => "cross-entropy" } };
        string name = Text($"{key.Section}.name", unless);
        if (!key.Of.Contains(name))
        {
            throw Wrong(node, path, $"belongs to {string.Join(", ", key.Of)}, and the {key.Section} is {name}: leave it out");
        }
    }

    private static TrainingException Unknown(string section, string key, RecipeNode node)
    {
        string[] known =
        [
            .. RecipeSchema.Keys.Where(item => item.Section == section).Select(item => item.Path[(section.Length == 0 ? 0 : section.Length + 1)..]),
            .. section.Length == 0 ? RecipeSchema.Sections.Select(item => item.Name).Where(name => name.Length > 0) : [],
        ];
        string where = section.Length == 0 ? "a recipe" : $"'{section}'";
        string hint = NearestName.Of(key, known) is { } nearest ? $"did you mean '{nearest}'?" : $"it has {string.Join(", ", known)}";
        return new TrainingException($"{node.Place}: {where} has no key '{key}'; {hint}");
    }

    private static TrainingException Wrong(RecipeNode node, string path, string what) => new($"{node.Place}: {path} {what}");
}
