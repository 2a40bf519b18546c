using System.Text;

namespace Edge.Training.Recipes;

/// <summary>The reference of all keys, made from the schema.</summary>
public static class RecipeReference
{
    /// <summary>A table for each section, in Markdown.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach ((string section, string description) in RecipeSchema.Sections)
        {
            text.Append(section.Length == 0 ? "### The recipe\n\n" : $"### `{section}`\n\n").Append(description).Append("\n\n| key | takes | unless given | what it does |\n|---|---|---|---|\n");
            foreach (RecipeKey key in RecipeSchema.Keys)
            {
                if (key.Section == section || key.Section == $"{section}.groups[]")
                {
                    string name = section.Length == 0 ? key.Path : key.Path[(section.Length + 1)..];
                    string of = key.Of.Count == 0 ? "" : $" For {string.Join(", ", key.Of)}.";
                    text.Append(null, $"| `{name}` | {key.Takes} | {key.Default} | {key.Description}{of} |\n");
                }
            }
            text.Append('\n');
        }
        return text.ToString();
    }
}
