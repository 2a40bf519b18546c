using System.CommandLine;
using Edge.Cli.Attacking;
using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Judging.Corruptions;
using Edge.Reports;

namespace Edge.Cli.Verbs;

/// <summary><c>edge attack</c>: how little it takes to make a model err.</summary>
internal static class AttackVerb
{
    private const int MostSteps = 1000;

    internal static Command Create()
    {
        var shared = new JudgingOptions();
        var card = new CardOptions();
        var epsilon = new Option<float[]>("--epsilon") { Description = "How far a value may be moved: levels of 255 for pictures. Repeat for more; 0, 1, 2, 4, 8 and 16 unless given.", HelpName = "X" };
        var steps = new Option<int>("--steps") { Description = "Steps of projected gradient descent.", DefaultValueFactory = _ => 10, HelpName = "N" };
        var attacks = new Option<string[]>("--attack") { Description = $"Gradient attacks: {string.Join(", ", AttackOptions.Attacks)}, or none; repeat for more, all unless given.", HelpName = "NAME" };
        var corruptions = new Option<string[]>("--corruption") { Description = $"Corruptions of pictures: {string.Join(", ", Corruption.All.Select(item => item.Name))}, or none; repeat for more, all unless given.", HelpName = "NAME" };
        var command = new Command("attack", "Measure how robust a classifier is: against gradient attacks (FGSM, PGD) and common corruptions of pictures.");
        shared.AddTo(command);
        foreach (Option option in new Option[] { epsilon, steps, attacks, corruptions })
        {
            command.Options.Add(option);
        }
        card.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            string? html = parse.GetValue(shared.Html) is { } file ? OutputPath.Check(file) : null;
            bool isLimited = parse.GetResult(shared.Limit) is { Implicit: false };
            var options = new AttackOptions
            {
                Limit = isLimited ? EvalVerb.Checked(parse.GetValue(shared.Limit), 0, int.MaxValue, "--limit") : new AttackOptions().Limit,
                Seed = parse.GetValue(shared.Seed),
                Threads = parse.GetValue(shared.Threads),
                Epsilons = parse.GetValue(epsilon) is { Length: > 0 } given ? [.. given.Select(value => EvalVerb.Checked(value, 0f, 1e6f, "--epsilon")).Order()] : new AttackOptions().Epsilons,
                Steps = EvalVerb.Checked(parse.GetValue(steps), 1, MostSteps, "--steps"),
                Wanted = Named(parse.GetValue(attacks), AttackOptions.Attacks, "--attack"),
                Corruptions = [.. Named(parse.GetValue(corruptions), [.. Corruption.All.Select(item => item.Name)], "--corruption").Select(name => Corruption.All.Single(item => item.Name == name))],
            };
            JudgedModel model = JudgedModel.Open(parse.GetRequiredValue(shared.Model));
            JudgedSource source = shared.Open(parse, model);
            AttackResult result = AttackWork.Run(model, model.Card(parse, card, source), source.Test, options, cancellation);
            if (html is not null)
            {
                var page = new HtmlReport($"How robust is {Path.GetFileName(result.Model.Source)}?", FormattableString.Invariant($"{result.Feed.Data.Name}, {result.Samples:N0} samples"));
                AttackReport.AddTo(page, result);
                page.Save(html);
                Screen.Note($"wrote {html}");
            }
            if (parse.GetValue(shared.Json))
            {
                Screen.Line(Json.Text(AttackReport.Json(result)));
            }
            else
            {
                AttackReport.Print(result);
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static string[] Named(string[]? given, string[] known, string option)
    {
        if (given is not { Length: > 0 })
        {
            return known;
        }
        if (Array.Find(given, name => name != "none" && !known.Contains(name)) is { } unknown)
        {
            string hint = NearestName.Of(unknown, known) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", known)} and none";
            throw new ToolException($"{option} {unknown}: not known; {hint}");
        }
        return [.. given.Where(name => name != "none").Distinct()];
    }
}
