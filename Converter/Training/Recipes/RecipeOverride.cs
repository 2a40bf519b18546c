namespace Edge.Training.Recipes;

/// <summary>A value from the command line that stands in for the recipe's own.</summary>
/// <param name="Path">The key, such as <c>training.epochs</c>.</param>
/// <param name="Value">YAML: <c>3</c>, <c>[1, 2]</c>.</param>
/// <param name="Place">What messages call it, such as <c>--epochs</c>.</param>
public sealed record RecipeOverride(string Path, string Value, string Place)
{
    /// <summary>Reads <c>key=value</c>.</summary>
    /// <param name="text">The text behind <c>--set</c>.</param>
    /// <exception cref="TrainingException">There is no equals sign.</exception>
    public static RecipeOverride Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new RecipeOverride(text[..equals].Trim(), text[(equals + 1)..].Trim(), $"--set {text[..equals].Trim()}")
            : throw new TrainingException($"--set {text}: write key=value, such as training.epochs=3");
    }
}
