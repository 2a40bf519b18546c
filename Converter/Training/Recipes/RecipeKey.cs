namespace Edge.Training.Recipes;

/// <summary>One key that a recipe may have.</summary>
/// <param name="Path">The key with its sections: <c>optimizer.learningRate</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Default">What counts if it is not written, in words.</param>
/// <param name="Description">What it does.</param>
public sealed record RecipeKey(string Path, RecipeKind Kind, string Default, string Description)
{
    /// <summary>The numbers it takes.</summary>
    public RecipeRange Range { get; init; } = new(double.MinValue, double.MaxValue);

    /// <summary>The words it takes.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The section's names (such as losses) that have this key; empty where all have it.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>The section: everything before the last dot.</summary>
    public string Section => Path.LastIndexOf('.') is var dot and >= 0 ? Path[..dot] : "";

    /// <summary>What it takes, in words.</summary>
    public string Takes => Kind switch
    {
        RecipeKind.Choice => string.Join(", ", Choices),
        RecipeKind.Integer => $"whole number, {Range}",
        RecipeKind.Number => $"number, {Range}",
        RecipeKind.Flag => "true, false",
        RecipeKind.Numbers => $"list of numbers, each {Range}",
        RecipeKind.Texts => "list of texts",
        RecipeKind.Maps => "list of maps",
        RecipeKind.Free => "list",
        _ => "text",
    };
}
