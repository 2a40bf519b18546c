using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Recipes;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>The part of <c>edge eval</c> that judges detectors.</summary>
internal static class DetectionVerb
{
    /// <summary>Whether a model or what it is to be judged by says that it is a detector.</summary>
    /// <param name="card">The model's own card; null without one.</param>
    /// <param name="data">What the command line names; null where it names nothing.</param>
    internal static bool IsFor(ModelCard? card, string? data) =>
        card?.Task == ModelTask.Detect || (card is null && data is not null && DetectionDataset.IsAnnotated(data));

    /// <summary>The annotated pictures that the command line names, or that the model's recipe keeps for judging.</summary>
    /// <param name="data">COCO JSON, a folder of YOLO or Pascal VOC labels, or a recipe; null for the model's own.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ToolException">Nothing is named, and the model's recipe keeps no file of its own.</exception>
    /// <exception cref="DataException">The annotations are missing or damaged.</exception>
    internal static DetectionDataset Open(string? data, JudgedModel model)
    {
        bool isRecipe = data is not null && Path.GetExtension(data).ToLowerInvariant() is ".yaml" or ".yml";
        if (data is not null && !isRecipe)
        {
            return DetectionDataset.Load(data);
        }
        Recipe? recipe = isRecipe ? Recipe.Load(data!) : model.Model.Metadata.TryGetValue(Provenance.RecipeEntry, out string? text) ? Recipe.Parse(text, model.Source) : null;
        return recipe?.TestSource is { } source && (File.Exists(source) || Directory.Exists(source))
            ? DetectionDataset.Load(source, recipe.DataKeys.TryGetValue("images", out RecipeValue? images) ? images.Text : null)
            : throw new ToolException($"{data ?? model.Source}: names no annotated pictures to judge by; give COCO JSON, or a folder of YOLO or Pascal VOC labels, with --data");
    }

    /// <summary>Prints what came of it, and writes the page where one was asked for.</summary>
    internal static void Print(DetectionResult result, bool json, string? html)
    {
        if (html is not null)
        {
            DetectionPage.Make(result).Save(html);
            Screen.Note($"wrote {html}");
        }
        if (json)
        {
            Screen.Line(Json.Text(DetectionJson.Of(result)));
        }
        else
        {
            DetectionPrinter.Print(result);
        }
    }
}
