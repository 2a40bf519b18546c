using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Zoo;

namespace Edge.Cli.Verbs;

/// <summary><c>edge zoo</c>: lists the architectures that can be trained by name.</summary>
internal static class ZooVerb
{
    internal static Command Create()
    {
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("zoo", "List the models that 'edge train' builds by name, with what they take and how large they are.") { json };
        command.SetAction(parse => Run(parse.GetValue(json)));
        return command;
    }

    private static int Run(bool json)
    {
        var rows = ZooCatalog.Entries.Select(entry =>
        {
            OnnxModel model = entry.Build(entry.Defaults);
            Value input = model.Graph.Inputs[0], output = model.Graph.Outputs[0];
            return new
            {
                entry.Name,
                Kind = entry.Kind.ToString().ToLowerInvariant(),
                Input = $"{input.Name} {input.Type}",
                Output = $"{output.Name} {output.Type}",
                Weights = ZooEntry.CountWeights(model),
                entry.Description,
            };
        }).ToArray();
        if (json)
        {
            Screen.Line(Json.Text(rows));
            return ExitCode.Success;
        }
        Screen.Table(
            ["name", "kind", "what it is", "input", "output", "weights"],
            rows.Select(row => new[] { row.Name, row.Kind, row.Description, row.Input, row.Output, row.Weights.ToString("N0", CultureInfo.InvariantCulture) }), texts: 5);
        Screen.Line("Sizes are those of the publications; training builds a model for the shape and classes of its data.");
        return ExitCode.Success;
    }
}
