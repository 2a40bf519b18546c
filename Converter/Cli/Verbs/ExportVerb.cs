using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Passes;

namespace Edge.Cli.Verbs;

/// <summary><c>edge export</c>: a model cleaned of what only training needs.</summary>
internal static class ExportVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("Where to write the cleaned model.");
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("export", "Clean a model for deployment: fold BatchNormalization, remove Dropout, Identity and dead code.") { model, output, json };
        command.SetAction(parse => Run(parse.GetRequiredValue(model), parse.GetRequiredValue(output), parse.GetValue(json)));
        return command;
    }

    private static int Run(string source, string target, bool json)
    {
        OnnxModel model = OnnxModel.Load(source);
        ModelVerifier.ThrowIfInvalid(model, source);
        int before = model.Graph.Nodes.Count;
        IReadOnlyList<PassResult> results = PassPipeline.ForDeployment.Run(model);
        model.Save(target);
        if (json)
        {
            Screen.Line(Json.Text(new { source, target, nodesBefore = before, nodesAfter = model.Graph.Nodes.Count, passes = results }));
            return ExitCode.Success;
        }
        Screen.Line($"{target}: {before} nodes became {model.Graph.Nodes.Count}");
        foreach (PassResult result in results.Where(result => result.Changes > 0))
        {
            Screen.Line($"  {result.Pass}: {result.Changes}");
        }
        return ExitCode.Success;
    }
}
