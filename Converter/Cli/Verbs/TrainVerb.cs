using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Foundation;
using Edge.Training.Data;
using Edge.Training.Recipes;
using Edge.Zoo;

namespace Edge.Cli.Verbs;

/// <summary><c>edge train</c>: trains what a recipe says, a model of the zoo, or goes on training any ONNX model.</summary>
internal static class TrainVerb
{
    internal static Command Create()
    {
        var model = new Argument<string?>("model")
        {
            Description = $"A recipe (.yaml), a model of the zoo ({string.Join(", ", ZooCatalog.Names)}), or an ONNX file to go on with.",
            HelpName = "RECIPE|MODEL",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o") { Description = "Where to write the trained model; a recipe's name unless given. Checkpoints stand beside it meanwhile.", HelpName = "FILE" };
        var reference = new Option<bool>("--reference") { Description = "Print all keys of a recipe, in Markdown, and stop." };
        Option<bool> json = CommonOptions.JsonOutput();
        var keys = new RecipeOptions();
        keys.Key<float?>("--dropout", "model.dropout", "Share of units that dropout silences, for models of the zoo.", "P");
        var command = new Command("train", "Train a model on a data set, and write it as ONNX.") { model, output };
        keys.AddTo(command);
        command.Options.Add(reference);
        command.Options.Add(json);
        command.SetAction((parse, cancellation) =>
        {
            if (parse.GetValue(reference))
            {
                Screen.Line(RecipeReference.Markdown() + DataReference.Markdown());
                return Task.FromResult(ExitCode.Success);
            }
            string what = parse.GetValue(model) ?? throw new ToolException("name a recipe or a model to train (see edge train --help)");
            RecipeOverride[] given = [.. keys.Given(parse)];
            bool isRecipe = what.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || what.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
            string? file = parse.GetValue(output);
            if (!isRecipe && (file is null || !given.Any(item => item.Path == "data.source")))
            {
                throw new ToolException($"edge train {what} needs {(file is null ? "--output FILE" : "--data DATA")} (see edge train --help)");
            }
            Recipe recipe = isRecipe ? Recipe.Load(what, given) : Recipe.From(what, [new RecipeOverride("model.name", RecipeOptions.Quote(what, "model.name"), "MODEL"), .. given]);
            var job = new TrainJob(recipe, OutputPath.Check(file ?? $"{recipe.Name}.onnx")) { Resumes = parse.GetValue(keys.Resume), Profiles = parse.GetValue(keys.Profile) };
            return Task.FromResult(TrainReport.Print(job, TrainWork.Run(job, cancellation), parse.GetValue(json), "train"));
        });
        return command;
    }
}
