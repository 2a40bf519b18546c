using System.CommandLine;
using Edge.Cli.Inspection;
using Edge.Cli.Models;
using Edge.Cli.Samples;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;

namespace Edge.Cli.Verbs;

/// <summary><c>edge inspect</c>: what a model is, costs and is made of.</summary>
internal static class InspectVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<Dictionary<string, TensorShape>> inputs = ShapeOption.Create();
        var layers = new Option<bool>("--layers") { Description = "List every layer, not only the dearest." };
        var weights = new Option<bool>("--weights") { Description = "List every weight." };
        var profile = new Option<bool>("--profile") { Description = "Run the model, on samples or random inputs, and show what each layer takes, by ONNX Runtime's own profiler." };
        Option<Dictionary<string, double>> fill = FillOption.Create();
        Option<int> threads = CommonOptions.Threads();
        var html = new Option<string?>("--html") { Description = "Draw the graph into a page: zoom, search, click a node.", HelpName = "FILE" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("inspect", "Show what a model is: inputs and outputs with their meaning, what it costs by layer, who can work with it, and whether it follows the ONNX rules.") { model, inputs, layers, weights, profile, fill, threads, html, json };
        SampleOptions samples = SampleOptions.AddTo(command);
        command.SetAction(parse =>
        {
            string source = parse.GetRequiredValue(model);
            string? page = parse.GetValue(html) is { } asked ? OutputPath.Check(asked) : null;
            OnnxModel loaded = OnnxModel.Load(source);
            IReadOnlyList<ModelProblem> problems = ModelVerifier.Verify(loaded);
            if (problems.Count > 0)
            {
                return Broken(loaded, source, problems, parse.GetValue(json));
            }
            ModelReport report = ModelReport.Of(loaded, source, new ReportOptions
            {
                Inputs = parse.GetValue(inputs),
                Profile = parse.GetValue(profile),
                Threads = parse.GetValue(threads),
                Fill = parse.GetValue(fill),
                Samples = model => samples.Find(parse, model, source, parse.GetValue(fill)),
            });
            if (page is not null)
            {
                GraphDrawings.Page(loaded, report).Save(page);
            }
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(report));
                return ExitCode.Success;
            }
            FactsPrinter.Print(report);
            LayerPrinter.Print(report, parse.GetValue(layers));
            if (parse.GetValue(weights))
            {
                Screen.Table(["weight", "type", "elements", "bytes"], report.Summary.Weights.Select(row => (string[])[row.Name, row.Type, $"{row.Elements:N0}", $"{row.Bytes:N0}"]), texts: 2);
            }
            if (page is not null)
            {
                Screen.Line($"drawn in {page}");
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static int Broken(OnnxModel model, string source, IReadOnlyList<ModelProblem> problems, bool json)
    {
        ModelSummary summary = ModelSummary.Of(model, source);
        if (json)
        {
            Screen.Line(Json.Text(new { source, summary, problems }));
            return ExitCode.BadInput;
        }
        FactsPrinter.PrintBroken(source, summary);
        foreach (ModelProblem problem in problems)
        {
            Screen.Line($"problem: {problem}");
        }
        Screen.Error($"{source}: breaks the ONNX rules in {problems.Count} {(problems.Count == 1 ? "place" : "places")}; export the model again");
        return ExitCode.BadInput;
    }
}
