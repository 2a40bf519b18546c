namespace Edge.Training.Recipes;

/// <summary>What stands behind a key of a recipe.</summary>
public enum RecipeKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A list of numbers.</summary>
    Numbers,

    /// <summary>A list of texts; a single text is a list of one.</summary>
    Texts,

    /// <summary>A list of maps, whose keys are listed with <c>[]</c> behind this one's name.</summary>
    Maps,

    /// <summary>A value whose form somebody else knows.</summary>
    Free,
}
