using System.Text;
using Edge.Training.Detection;
using Edge.Training.Recipes;

namespace Edge.Training.Data;

/// <summary>The data part of the documentation, made from what recipes can say: keys of each kind of data and of each augmentation.</summary>
public static class DataReference
{
    // What the data themselves say where the recipe does not.
    private static readonly string[] FoundOut = ["text", "label", "columns", "block", "images"];

    /// <summary>The reference as Markdown.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        Append("`kind: images`", new ImageFolderOptions());
        Append("`kind: table`", new TableOptions(), "target");
        Append("`kind: text`", new TextOptions());
        Append("`kind: boxes`", new DetectionOptions());
        text.Append("### Augmentations\n\n| name | settings, with what they are unless given |\n|---|---|\n");
        foreach ((string name, object settings) in AugmentationCatalog.Samples.Select(item => (item.Key, (object)item.Value)).Concat(AugmentationCatalog.Batches.Select(item => (item.Key, (object)item.Value))))
        {
            text.Append(null, $"| `{name}` | {string.Join(", ", RecipeBinder.Describe(settings).Select(item => $"`{item.Key}` {item.Default}"))} |\n");
        }
        return text.ToString();

        void Append(string title, object options, string? except = null)
        {
            text.Append(null, $"### {title}\n\n| key | takes | unless given |\n|---|---|---|\n");
            foreach ((string key, string takes, string without) in RecipeBinder.Describe(options).Where(item => item.Key != except))
            {
                text.Append(null, $"| `{key}` | {takes} | {(without.Length == 0 || FoundOut.Contains(key) ? "found out" : without)} |\n");
            }
            text.Append('\n');
        }
    }
}
