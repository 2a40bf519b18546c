using System.CommandLine;
using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Verbs;

/// <summary><c>edge eval</c>: how right a classifier is, as ONNX Runtime runs it.</summary>
internal static class EvalVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> data = CommonOptions.Data();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.JsonOutput();
        var card = new CardOptions();
        var command = new Command("eval", "Evaluate a classifier on the test part of a data set: accuracy, loss, precision and recall by class.") { model, data, threads, json };
        card.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            string source = parse.GetRequiredValue(model);
            OnnxModel loaded = OnnxModel.Load(source);
            ModelVerifier.ThrowIfInvalid(loaded, source);
            ImageDataset test = DatasetCatalog.Load(parse.GetRequiredValue(data)).Test;
            ClassifierEvaluation result = ClassifierEvaluation.Run(loaded, card.Card(parse, loaded, source), test, source, parse.GetValue(threads), cancellation);
            Print(source, test, result.Metrics, parse.GetValue(json));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Print(string source, ImageDataset data, ClassificationMetrics metrics, bool json)
    {
        ClassRow[] rows = [.. Enumerable.Range(0, data.ClassNames.Count).Select(index => ClassRow.Of(metrics, index, data.ClassNames[index]))];
        if (json)
        {
            Screen.Line(Json.Text(new { model = source, data = data.Name, samples = metrics.Count, accuracy = metrics.Accuracy, loss = metrics.Loss, classes = rows, confusion = metrics.ToConfusionRows() }));
            return;
        }
        Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{source} on {data.Name}, {metrics.Count:N0} samples: accuracy {metrics.Accuracy:P2}, loss {metrics.Loss:F4}"));
        Screen.Table(
            ["class", "samples", "precision", "recall", "F1", "taken most often for"],
            rows.Select(row => (string[])[row.Name, $"{row.Samples}", Share(row.Precision), Share(row.Recall), Share(row.F1), row.Confused is null ? "" : $"{data.ClassNames[row.Confused.Value]} ({row.ConfusedCount})"]));
    }

    private static string Share(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private sealed record ClassRow(string Name, long Samples, double Precision, double Recall, double F1, int? Confused, long ConfusedCount)
    {
        internal static ClassRow Of(ClassificationMetrics metrics, int index, string name)
        {
            long right = metrics.Confusion(index, index);
            long samples = 0;
            long predicted = 0;
            int? confused = null;
            long confusedCount = 0;
            for (int other = 0; other < metrics.Classes; other++)
            {
                long count = metrics.Confusion(index, other);
                samples += count;
                predicted += metrics.Confusion(other, index);
                if (other != index && count > confusedCount)
                {
                    (confused, confusedCount) = (other, count);
                }
            }
            double precision = predicted == 0 ? 0 : (double)right / predicted;
            double recall = samples == 0 ? 0 : (double)right / samples;
            return new ClassRow(name, samples, precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall), confused, confusedCount);
        }
    }
}
