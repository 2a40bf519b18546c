namespace Edge.Training.Recipes;

/// <summary>What a model is trained for.</summary>
public enum RecipeTask
{
    /// <summary>One class of several.</summary>
    Classify,

    /// <summary>Numbers.</summary>
    Regress,

    /// <summary>Its own input again.</summary>
    Autoencode,

    /// <summary>Boxes with classes.</summary>
    Detect,

    /// <summary>A generator and a discriminator against each other.</summary>
    Gan,
}
