using System.Text;
using Edge.Training.Data;

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
        text.Append("### Further keys of `data`, by kind\n\n");
        Options(text, "table", new TableOptions());
        Options(text, "text", new TextOptions());
        Options(text, "images", new ImageFolderOptions());
        text.Append("`array`: `type` and `shape` of raw numbers, such as `type: int8` and `shape: [49, 10, 1]`; `.npy` files need neither.\n\n");
        text.Append("### Augmentations\n\nA list under `data.augment`: names, each alone or with settings, as in `[flip, {crop: {padding: 2}}]`.\n\n| name | settings with their defaults |\n|---|---|\n");
        foreach ((string name, object augmentation) in AugmentationCatalog.Samples.Select(item => (item.Key, (object)item.Value))
            .Concat(AugmentationCatalog.Batches.Select(item => (item.Key, (object)item.Value))))
        {
            text.Append(null, $"| `{name}` | {string.Join(", ", RecipeBinder.Describe(augmentation).Select(key => $"`{key.Key}: {key.Default}`"))} |\n");
        }
        return text.ToString();
    }

    private static void Options(StringBuilder text, string kind, object defaults)
    {
        text.Append(null, $"| key for `{kind}` | takes | unless given |\n|---|---|---|\n");
        foreach ((string key, string takes, string unless) in RecipeBinder.Describe(defaults))
        {
            if (key != "target")
            {
                text.Append(null, $"| `{key}` | {takes} | {unless} |\n");
            }
        }
        text.Append('\n');
    }
}
