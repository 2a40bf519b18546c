using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Cli.Training;
using Edge.Foundation;

namespace Edge.Cli.Verbs;

/// <summary><c>edge recipes</c>: trains every recipe of a folder and compares the results with their goals.</summary>
internal static class RecipesVerb
{
    internal static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "A folder of recipes (.yaml).", HelpName = "FOLDER" };
        var output = new Option<string>("--out") { Description = "The folder for models, recipes.json and recipes.html.", DefaultValueFactory = _ => "out/recipes", HelpName = "FOLDER" };
        var only = new Option<string[]>("--only") { Description = "Only recipes with these names.", HelpName = "NAME" };
        var set = new Option<string[]>("--set") { Description = "A key of every recipe: training.epochs=1.", HelpName = "KEY=VALUE" };
        var bench = new Option<string>("--bench") { Description = "What make bench-train measured, for the ratio to python3-torch.", DefaultValueFactory = _ => "out/bench-train.json", HelpName = "FILE" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("recipes", "Train every recipe of a folder and compare the results with their goals.") { folder, output, only, set, bench, json };
        command.SetAction((parse, cancellation) =>
        {
            var work = new RecipesWork(parse.GetRequiredValue(output), parse.GetRequiredValue(bench), parse.GetValue(set) ?? []);
            bool isReached = work.Run(parse.GetRequiredValue(folder), parse.GetValue(only) ?? [], cancellation);
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(work.Results));
            }
            else
            {
                work.Print();
            }
            return Task.FromResult(isReached ? ExitCode.Success : ExitCode.Failure);
        });
        return command;
    }
}
