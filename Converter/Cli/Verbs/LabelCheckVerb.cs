using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Training.Data;

namespace Edge.Cli.Verbs;

/// <summary><c>edge label-check</c>: finds annotations that would spoil a detector.</summary>
internal static class LabelCheckVerb
{
    internal static Command Create()
    {
        var data = new Argument<string>("data") { Description = "A COCO .json file, or a folder of YOLO or Pascal VOC labels.", HelpName = "DATA" };
        var images = new Option<string?>("--images") { Description = "Where the pictures are; where the format usually has them unless given.", HelpName = "DIR" };
        var labelsOnly = new Option<bool>("--labels-only") { Description = "Leave the pictures' files alone." };
        var limit = new Option<int>("--limit") { Description = "How many problems are listed at most; all are counted.", DefaultValueFactory = _ => 50, HelpName = "N" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("label-check", "Find broken boxes, unknown classes, duplicates and missing pictures in annotations. Exit code 1 where there are any.") { data, images, labelsOnly, limit, json };
        command.SetAction((parse, cancellation) =>
        {
            string path = parse.GetRequiredValue(data);
            LabelReport report = LabelCheck.Run(path, parse.GetValue(images), !parse.GetValue(labelsOnly), EvalVerb.Checked(parse.GetValue(limit), 0, 1_000_000, "--limit"), cancellation);
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(new { data = path, report.Pictures, report.Boxes, report.Classes, problems = report.Count, counts = report.Counts.ToDictionary(item => Name(item.Key), item => item.Value), listed = report.Problems.Select(item => new { kind = Name(item.Kind), item.Where, item.Detail }) }));
            }
            else
            {
                Print(path, report);
            }
            return Task.FromResult(report.Count == 0 ? ExitCode.Success : ExitCode.Failure);
        });
        return command;
    }

    private static void Print(string path, LabelReport report)
    {
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{path}: {report.Pictures:N0} pictures, {report.Boxes:N0} boxes, {report.Classes:N0} classes: {(report.Count == 0 ? "nothing wrong" : $"{report.Count:N0} problems")}"));
        if (report.Count == 0)
        {
            return;
        }
        Screen.Table(["problem", "times"], report.Counts.Select(item => (string[])[Name(item.Key), item.Value.ToString("N0", CultureInfo.InvariantCulture)]));
        foreach (LabelProblem problem in report.Problems)
        {
            Screen.Line($"{problem.Where}: {problem.Detail}");
        }
        if (report.Count > report.Problems.Count)
        {
            Screen.Line(string.Create(CultureInfo.InvariantCulture, $"({report.Count - report.Problems.Count:N0} more; --limit N lists them)"));
        }
    }

    // "MissingPicture" as "missing picture".
    private static string Name(LabelProblemKind kind) =>
        string.Concat(kind.ToString().Select((letter, place) => char.IsUpper(letter) && place > 0 ? $" {char.ToLowerInvariant(letter)}" : char.ToLowerInvariant(letter).ToString()));
}
