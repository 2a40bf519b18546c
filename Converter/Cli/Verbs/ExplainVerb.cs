using System.CommandLine;
using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Cli.Explaining;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Judging.Explaining;
using Edge.Reports;

namespace Edge.Cli.Verbs;

/// <summary><c>edge explain</c>: why a model says what it says.</summary>
internal static class ExplainVerb
{
    internal static Command Create()
    {
        var shared = new JudgingOptions();
        var card = new CardOptions();
        var index = new Option<int[]>("--index") { Description = "Explain this sample, counted from 0; repeat for more. Without it, --limit samples are drawn.", HelpName = "N" };
        var inputs = new Option<string[]>("--inputs")
        {
            Description = "Explain these files instead of a data set's samples: pictures, tables with the columns that the model was trained with (.csv, .tsv), texts (.txt, a text each).",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var method = new Option<string[]>("--method") { Description = $"For pictures: {string.Join(", ", ExplainOptions.Methods)}; for texts: {string.Join(", ", ExplainOptions.TextMethods)}. Repeat for more, all unless given.", HelpName = "NAME" };
        var layer = new Option<string?>("--layer") { Description = "The feature map that Grad-CAM looks at; the last unless given.", HelpName = "NAME" };
        var of = new Option<string?>("--class") { Description = "The class to explain, by name or number; the one that the model names unless given.", HelpName = "CLASS" };
        var steps = new Option<int>("--steps") { Description = "Points on the way for integrated gradients.", DefaultValueFactory = _ => 64, HelpName = "N" };
        var output = new Option<string?>("--output", "-o") { Description = "A folder for the pictures as PNG files; it is made if need be.", HelpName = "FOLDER" };
        var command = new Command("explain", "Show what a model looks at: Grad-CAM, integrated gradients and occlusion for pictures, attributions for readings, words for texts.");
        shared.AddTo(command);
        foreach (Option option in new Option[] { inputs, index, method, layer, of, steps, output })
        {
            command.Options.Add(option);
        }
        card.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            string? html = parse.GetValue(shared.Html) is { } file ? OutputPath.Check(file) : null;
            int limit = EvalVerb.Checked(parse.GetValue(shared.Limit), 0, 1000, "--limit");
            var options = new ExplainOptions
            {
                Indices = parse.GetValue(index) ?? [],
                Count = limit == 0 ? new ExplainOptions().Count : limit,
                Seed = parse.GetValue(shared.Seed),
                Threads = parse.GetValue(shared.Threads),
                Wanted = [.. (parse.GetValue(method) ?? []).Select(Known)],
                Layer = parse.GetValue(layer),
                Class = parse.GetValue(of),
                Steps = EvalVerb.Checked(parse.GetValue(steps), 1, 10_000, "--steps"),
            };
            JudgedModel model = JudgedModel.Open(parse.GetRequiredValue(shared.Model));
            JudgedSource source = parse.GetValue(inputs) is { Length: > 0 } files ? Given(files) : shared.Open(parse, model);
            ExplainResult result = ExplainWork.Run(model, model.Card(parse, card, source), source, options, cancellation);
            Write(result, parse.GetValue(output), html);
            if (parse.GetValue(shared.Json))
            {
                Screen.Line(Json.Text(ExplainJson.Of(result)));
            }
            else
            {
                ExplainPrinter.Print(result);
            }
            return Task.FromResult(ExitCode.Success);

            JudgedSource Given(string[] files)
            {
                string? other = parse.GetValue(shared.Data) is not null ? "--data" : options.Indices.Count > 0 ? "--index" : limit > 0 ? "--limit" : null;
                return other is null
                    ? GivenFiles.Read(files, model, () => card.Card(parse, model.Model, model.Source))
                    : throw new ToolException($"--inputs: takes the place of {other}; give one of the two");
            }
        });
        return command;
    }

    private static string Known(string method) => ExplainOptions.Methods.Contains(method)
        ? method
        : throw new ToolException($"--method {method}: not a method; {(NearestName.Of(method, ExplainOptions.Methods) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", ExplainOptions.Methods)}")}");

    private static void Write(ExplainResult result, string? folder, string? html)
    {
        foreach (string note in result.Notes)
        {
            Screen.Note(note);
        }
        if (folder is not null && result.Feed.Picture is { } size)
        {
            Directory.CreateDirectory(folder);
            foreach (Explanation item in result.Explanations)
            {
                foreach (PictureMap map in item.Maps)
                {
                    AtomicFile.WriteAllBytes(Path.Combine(folder, $"{item.Index.ToString("D5", CultureInfo.InvariantCulture)}-{map.Method}.png"), HeatOverlay.Png(item.Levels, size, map.Map, ExplainPage.Zoom(size)));
                }
            }
            Screen.Note($"wrote {result.Explanations.Sum(item => item.Maps.Count)} pictures to {folder}");
        }
        if (html is not null)
        {
            var page = new HtmlReport($"What does {Path.GetFileName(result.Model.Source)} look at?", $"{result.Feed.Data.Name}, {result.Explanations.Count} samples");
            ExplainPage.AddTo(page, result);
            page.Save(html);
            Screen.Note($"wrote {html}");
        }
    }
}
