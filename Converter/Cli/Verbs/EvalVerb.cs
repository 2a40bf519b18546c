using System.CommandLine;
using Edge.Cli.Attacking;
using Edge.Cli.Evaluation;
using Edge.Cli.Evaluation.Detection;
using Edge.Cli.Explaining;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Judging;
using Edge.Reports;

namespace Edge.Cli.Verbs;

/// <summary><c>edge eval</c>: how right a model is, as ONNX Runtime runs it.</summary>
internal static class EvalVerb
{
    internal static Command Create()
    {
        var shared = new JudgingOptions();
        var card = new CardOptions();
        var topK = new Option<int[]>("--top-k") { Description = "Also give the share of samples with their class among the best K; repeat for more.", HelpName = "K" };
        var bins = new Option<int>("--bins") { Description = "Ranges of confidence for the calibration error.", DefaultValueFactory = _ => 15, HelpName = "N" };
        var calibrate = new Option<string?>("--calibrate") { Description = "Fit a temperature to a part of the samples, judge by the rest, and write the model with it.", HelpName = "FILE.onnx" };
        var share = new Option<double>("--calibration-share") { Description = "The share of the samples that the temperature is fitted to.", DefaultValueFactory = _ => 0.3, HelpName = "X" };
        var groups = new Option<string?>("--groups") { Description = "A file with the group of each sample, one a line: compares the groups.", HelpName = "FILE" };
        var normal = new Option<string[]>("--normal") { Description = "For anomaly detectors: a class that is normal; repeat for more. The first class unless given.", HelpName = "CLASS" };
        var alarms = new Option<double>("--false-alarms") { Description = "For anomaly detectors: the share of false alarms that the suggested threshold lets through.", DefaultValueFactory = _ => 0.01, HelpName = "X" };
        var explain = new Option<bool>("--explain") { Description = "Also show on the page what the model looks at, as edge explain does." };
        var attack = new Option<bool>("--attack") { Description = "Also show on the page how robust it is, as edge attack does." };
        var command = new Command("eval", "Judge a model on the test part of a data set: accuracy with its interval, precision and recall, ROC and PR curves, calibration, groups; a detector on annotated pictures: COCO's average precision, by class.");
        shared.AddTo(command);
        foreach (Option option in new Option[] { topK, bins, calibrate, share, groups, normal, alarms, explain, attack })
        {
            command.Options.Add(option);
        }
        card.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            string? calibrated = parse.GetValue(calibrate) is { } path ? OutputPath.Check(path) : null;
            string? html = parse.GetValue(shared.Html) is { } file ? OutputPath.Check(file) : null;
            var options = new EvaluationOptions
            {
                Limit = Checked(parse.GetValue(shared.Limit), 0, int.MaxValue, "--limit"),
                Seed = parse.GetValue(shared.Seed),
                Threads = parse.GetValue(shared.Threads),
                TopK = parse.GetValue(topK) is { Length: > 0 } ks ? [.. ks.Select(k => Checked(k, 1, int.MaxValue, "--top-k"))] : new EvaluationOptions().TopK,
                Bins = Checked(parse.GetValue(bins), 1, 1000, "--bins"),
                CalibrationShare = calibrated is null ? 0 : Checked(parse.GetValue(share), 0.01, 0.9, "--calibration-share"),
                GroupFile = parse.GetValue(groups),
                Normal = parse.GetValue(normal) ?? [],
                FalsePositiveRate = Checked(parse.GetValue(alarms), 0, 0.99, "--false-alarms"),
            };
            if (html is null && (parse.GetValue(explain) || parse.GetValue(attack)))
            {
                throw new ToolException("--explain and --attack add to the page; name it with --html");
            }
            JudgedModel model = JudgedModel.Open(parse.GetRequiredValue(shared.Model));
            string? data = parse.GetValue(shared.Data);
            if (DetectionVerb.IsFor(ModelCard.Read(model.Model, model.Source), data))
            {
                if (calibrated is not null || parse.GetValue(explain) || parse.GetValue(attack))
                {
                    throw new ToolException($"{model.Source}: is a detector; --calibrate, --explain and --attack are for classifiers");
                }
                var job = new DetectionJob(model.Model, model.Source, card.Card(parse, model.Model, model.Source), DetectionVerb.Open(data, model)) { Limit = options.Limit, Seed = options.Seed, Threads = options.Threads };
                DetectionVerb.Print(DetectionWork.Run(job, cancellation), parse.GetValue(shared.Json), html);
                return Task.FromResult(ExitCode.Success);
            }
            JudgedSource source = shared.Open(parse, model);
            ModelCard? known = model.Card(parse, card, source);
            EvaluationResult result = EvaluationWork.Run(model, known, source, options, cancellation);
            HtmlReport? page = html is null ? null : Page(result);
            if (parse.GetValue(explain))
            {
                ExplainPage.AddTo(page!, ExplainWork.Run(model, known, source, new ExplainOptions { Seed = options.Seed, Threads = options.Threads }, cancellation));
            }
            if (parse.GetValue(attack))
            {
                AttackReport.AddTo(page!, AttackWork.Run(model, known, source.Test, new AttackOptions { Seed = options.Seed, Threads = options.Threads }, cancellation));
            }
            if (html is not null)
            {
                page!.Save(html);
                Screen.Note($"wrote {html}");
            }
            Calibrate(result, calibrated);
            if (parse.GetValue(shared.Json))
            {
                Screen.Line(Json.Text(EvaluationJson.Of(result)));
            }
            else
            {
                EvaluationPrinter.Print(result);
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    /// <summary>Lets a number pass that is in its range.</summary>
    /// <exception cref="ToolException">It is not.</exception>
    internal static T Checked<T>(T value, T least, T most, string option)
        where T : IComparable<T> =>
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0 ? value : throw new ToolException(FormattableString.Invariant($"{option} {value}: must be {least} to {most}"));

    private static HtmlReport Page(EvaluationResult result)
    {
        var page = new HtmlReport($"How right is {Path.GetFileName(result.Model.Source)}?", FormattableString.Invariant($"{result.Feed.Data.Name}, {result.Samples:N0} samples, run by ONNX Runtime"));
        EvaluationPage.AddTo(page, result);
        return page;
    }

    private static void Calibrate(EvaluationResult result, string? path)
    {
        if (path is null)
        {
            return;
        }
        if (result.Classification?.Calibration.Temperature is not { } temperature)
        {
            throw new ToolException($"{result.Model.Source}: is no classifier with samples enough for a temperature; leave --calibrate out");
        }
        HeadTemperature.Apply(result.Model.Model, temperature);
        result.Model.Model.Save(path);
        Screen.Note($"wrote {path}");
    }
}
