using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Training;

namespace Edge.Cli.Training;

/// <summary>What training came to, on the terminal or as JSON.</summary>
internal static class TrainReport
{
    private const int Operators = 12;

    /// <summary>Prints it.</summary>
    /// <returns>The exit code.</returns>
    internal static int Print(TrainJob job, TrainOutcome outcome, bool json, string verb)
    {
        if (outcome.Result.Reason == StopReason.Cancelled)
        {
            Screen.Note(File.Exists(job.CheckpointPath) ? $"stopped; 'edge {verb} … --resume' goes on from {job.CheckpointPath}" : "stopped");
            return ExitCode.Interrupted;
        }
        TrainingResult result = outcome.Result;
        if (json)
        {
            Screen.Line(Json.Text(new
            {
                model = job.OutputPath,
                recipe = job.Recipe.Hash,
                testAccuracy = outcome.Test?.Classes?.Accuracy,
                testLoss = outcome.Test?.Loss,
                outcome.Metrics,
                reason = result.Reason.ToString().ToLowerInvariant(),
                result.BestEpoch,
                result.Steps,
                imagesPerSecond = result.SamplesPerSecond,
                seconds = result.Elapsed.TotalSeconds,
                folds = outcome.Folds.Count == 0 ? null : outcome.Folds,
                phases = result.Profile.Phases.ToDictionary(phase => phase.Key.ToString().ToLowerInvariant(), phase => phase.Value.TotalSeconds),
                operators = result.Profile.Operators.Count == 0 ? null : result.Profile.Operators.Select(item => new { item.Operator, item.Calls, seconds = item.Time.TotalSeconds, backwardSeconds = item.Backward.TotalSeconds }),
                result.History,
            }));
            return ExitCode.Success;
        }
        if (outcome.Folds.Count > 0)
        {
            double mean = outcome.Folds.Average();
            double deviation = Math.Sqrt(outcome.Folds.Sum(figure => (figure - mean) * (figure - mean)) / Math.Max(1, outcome.Folds.Count - 1));
            Screen.Line(Text($"{outcome.Folds.Count} folds: {mean:F4} ± {deviation:F4} ({string.Join(", ", outcome.Folds.Select(figure => Text($"{figure:F4}")))}); the best one is kept"));
        }
        Screen.Line(Text($"{job.OutputPath}: {Figures(outcome)}; {result.SamplesPerSecond:N0} samples/s, {result.Elapsed.TotalSeconds:F0} s{(result.BestEpoch is { } best ? $", epoch {best} of {result.History.Count}" : "")}"));
        if (job.Profiles)
        {
            Profile(result.Profile);
        }
        return ExitCode.Success;
    }

    /// <summary>The figures on the test samples in one line.</summary>
    internal static string Figures(TrainOutcome outcome) => outcome.Test?.Classes is { } classes
        ? Text($"test accuracy {classes.Accuracy:P2}, loss {outcome.Test.Loss:F4}")
        : string.Join(", ", outcome.Metrics.Select(item => Text($"{item.Key} {item.Value:F4}")));

    private static void Profile(TrainingProfile profile)
    {
        double all = Math.Max(1e-9, profile.Phases.Sum(phase => phase.Value.TotalSeconds));
        Screen.Table(["phase", "seconds", "share"], profile.Phases.Select(phase => (string[])[phase.Key.ToString().ToLowerInvariant(), Text($"{phase.Value.TotalSeconds:F2}"), Text($"{phase.Value.TotalSeconds / all:P1}")]));
        Screen.Table(["operator", "calls", "forward, s", "backward, s", "share"], profile.Operators.Take(Operators).Select(item => (string[])
            [item.Operator, Text($"{item.Calls:N0}"), Text($"{item.Time.TotalSeconds:F2}"), Text($"{item.Backward.TotalSeconds:F2}"), Text($"{(item.Time + item.Backward).TotalSeconds / all:P1}")]));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
