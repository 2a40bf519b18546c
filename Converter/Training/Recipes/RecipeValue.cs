using System.Globalization;

namespace Edge.Training.Recipes;

/// <summary>A value of a recipe whose key somebody else knows: the zoo, or a kind of data.</summary>
public sealed class RecipeValue
{
    private readonly RecipeNode _node;

    internal RecipeValue(RecipeNode node) => _node = node;

    /// <summary>Where it stands, such as <c>cnn.yaml:12</c>.</summary>
    public string Place => _node.Place;

    /// <summary>A scalar's text; null for a list or a map.</summary>
    public string? Text => _node.Text;

    /// <summary>A list's items; null for others.</summary>
    public IReadOnlyList<RecipeValue>? Items => _node.Items?.ConvertAll(item => new RecipeValue(item));

    /// <summary>A map's entries; null for others.</summary>
    public IReadOnlyDictionary<string, RecipeValue>? Entries =>
        _node.Entries?.ToDictionary(entry => entry.Key, entry => new RecipeValue(entry.Value), StringComparer.Ordinal);

    /// <summary>The text of a scalar, or of each item of a list.</summary>
    /// <exception cref="TrainingException">It is something else.</exception>
    public IReadOnlyList<string> Texts => Text is { } one ? [one] : _node.Items is { } items && items.TrueForAll(item => item.Text is not null)
        ? [.. items.Select(item => item.Text!)]
        : throw Wrong("takes a text or a list of texts");

    /// <summary>The number that a scalar is.</summary>
    /// <exception cref="TrainingException">It is none.</exception>
    public double Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
        ? number
        : throw Wrong("takes a number");

    /// <summary>A refusal that says where.</summary>
    /// <param name="what">What is wrong with the value.</param>
    public TrainingException Wrong(string what) => new($"{Place}: {(Text is null ? "the value" : $"'{Text}'")} {what}");
}
