using System.CommandLine;
using Edge.Cli.Differences;
using Edge.Cli.Samples;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Analysis;

namespace Edge.Cli.Verbs;

/// <summary><c>edge diff</c>: what changed between two models. Exit codes as diff's: 0 the same, 1 different, 2 bad input.</summary>
internal static class DiffVerb
{
    private const int Different = 1;

    internal static Command Create()
    {
        var first = new Argument<string>("first") { Description = "What was: an ONNX model.", HelpName = "A" };
        var second = new Argument<string>("second") { Description = "What is: an ONNX model.", HelpName = "B" };
        Option<Dictionary<string, TensorShape>> inputs = ShapeOption.Create();
        var seed = new Option<int>("--seed") { Description = "Of the random inputs on which outputs are compared.", DefaultValueFactory = _ => 1, HelpName = "N" };
        Option<Dictionary<string, double>> fill = FillOption.Create();
        var all = new Option<bool>("--all") { Description = "List every change." };
        var layers = new Option<bool>("--layers") { Description = "Compare what nodes make on the way too, where both models give it one name." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("diff", "Show what changed between two models: structure, weights by layer, and outputs on the same inputs. Exit code 0: the same, 1: different.") { first, second, inputs, fill, seed, layers, all, json };
        SampleOptions samples = SampleOptions.AddTo(command);
        command.SetAction(parse =>
        {
            string before = parse.GetRequiredValue(first);
            DiffReport report = DiffReport.Of(before, parse.GetRequiredValue(second), parse.GetValue(inputs), model => new ComparisonOptions
            {
                Shapes = model,
                Fill = parse.GetValue(fill),
                Seed = parse.GetValue(seed),
                Given = samples.Find(parse, model, before, parse.GetValue(fill))?.Read(),
                Layers = parse.GetValue(layers),
            });
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(report));
            }
            else
            {
                DiffPrinter.Print(report, parse.GetValue(all));
            }
            return report.IsEqual ? ExitCode.Success : Different;
        });
        return command;
    }
}
