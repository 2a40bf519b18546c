using System.CommandLine;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;

namespace Edge.Cli.Verbs;

/// <summary><c>edge inspect</c>: what a model is made of.</summary>
internal static class InspectVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        var weights = new Option<bool>("--weights") { Description = "List every weight." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("inspect", "Show what a model is made of: inputs, outputs, operators, weights, and whether it follows the ONNX rules.") { model, weights, json };
        command.SetAction(parse => Run(parse.GetRequiredValue(model), parse.GetValue(weights), parse.GetValue(json)));
        return command;
    }

    private static int Run(string source, bool weights, bool json)
    {
        OnnxModel model = OnnxModel.Load(source);
        ModelSummary summary = ModelSummary.Of(model, source);
        IReadOnlyList<ModelProblem> problems = ModelVerifier.Verify(model);
        if (json)
        {
            Screen.Line(Json.Text(new { source, summary, problems }));
        }
        else
        {
            Print(source, summary, weights);
            foreach (ModelProblem problem in problems)
            {
                Screen.Line($"problem: {problem}");
            }
        }
        return problems.Count == 0 ? ExitCode.Success : ExitCode.BadInput;
    }

    private static void Print(string source, ModelSummary summary, bool weights)
    {
        Screen.Line($"{source}: by {(summary.Producer.Length > 0 ? summary.Producer : "an unnamed tool")}, IR {summary.IrVersion}, opset {string.Join(", ", summary.Opsets.Select(opset => $"{opset.Key} {opset.Value}"))}");
        Screen.Line($"inputs      {string.Join("  ", summary.Inputs)}");
        Screen.Line($"outputs     {string.Join("  ", summary.Outputs)}");
        Screen.Line($"parameters  {summary.Parameters:N0} in {summary.WeightBytes:N0} bytes");
        if (summary.Card is { } card)
        {
            Screen.Line($"task        {card.Task.ToString().ToLowerInvariant()}, {card.Labels.Count} classes{(card.Training?.DataSet is { } set ? $", trained on {set}" : "")}{(card.Quantization is { } facts ? $", quantized {facts.Scheme}" : "")}");
        }
        Screen.Table(["operator", "count"], summary.Operators.Select(item => (string[])[item.Operator, $"{item.Count}"]));
        if (weights)
        {
            Screen.Table(["weight", "type", "elements", "bytes"], summary.Weights.Select(row => (string[])[row.Name, row.Type, $"{row.Elements:N0}", $"{row.Bytes:N0}"]), texts: 2);
        }
    }
}
