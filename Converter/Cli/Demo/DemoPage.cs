using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Cli.Training;
using Edge.Reports;
using Edge.Training.Data;

namespace Edge.Cli.Demo;

/// <summary>The demo's result as a page to look at.</summary>
internal static class DemoPage
{
    private const int Samples = 24;

    internal static HtmlReport Make(DemoReport report, TrainingCurves curves, ClassifierEvaluation int8, DeviceRun device, ImageDataset test)
    {
        return new HtmlReport("Edge: first light", $"{test.Name}: trained, quantized, packaged, signed, run on edge-runtime and reported over MQTT in {Text($"{report.DemoSeconds:F0}")} s")
            .Tiles(
                new Tile(Text($"{report.Fp32Accuracy:P2}"), "accuracy of the float model"),
                new Tile(Text($"{report.Int8Accuracy:P2}"), "accuracy of the int8 model"),
                new Tile(Text($"{report.MqttAgreements:N0} of {report.Pictures:N0}"), "answers over MQTT equal to offline"),
                new Tile(Text($"{(double)report.Int8Bytes / report.Fp32Bytes:P1}"), "of the bytes remain"),
                new Tile(Text($"{report.Int8P50Ms:F2} ms"), "from file to result, p50"),
                new Tile(Text($"{report.RssMB:F0} MB"), "memory of the whole runtime"))
            .Section("Two models, side by side")
            .Table(DemoTable.Header, DemoTable.Rows(report))
            .Section("Training", "The same ONNX graph that runs on the device, executed by libtorch under autograd.")
            .Chart(Charts.Lines("epoch", "loss", curves.Loss))
            .Chart(Charts.Lines("epoch", "accuracy", curves.Accuracy))
            .Section("What is taken for what", "Int8 model on the whole test set: true class by row, predicted class by column.")
            .Chart(Charts.ConfusionMatrix(test.ClassNames, Square(int8)), 520)
            .Section("As received over MQTT", $"The first {Samples} test pictures, as mosquitto_sub received the runtime's answers.")
            .Pictures(device.Results.Take(Samples).Select(result => Card(result.Index, result.Label, result.Score, result.Class, test)))
            .Section("Where the time went")
            .Table(["stage", "seconds"], report.Stages.Select(stage => (string[])[stage.Name, Text($"{stage.Seconds:F1}")]));
    }

    private static Picture Card(int index, string label, float score, int predicted, ImageDataset test)
    {
        int truth = test.ClassOf(index);
        bool right = predicted == truth;
        return new Picture(PictureFiles.Png(test, index), test.ClassNames[truth], right ? Text($"{score:P0}") : Text($"{label} {score:P0}"), right);
    }

    private static long[,] Square(ClassifierEvaluation evaluation)
    {
        int classes = evaluation.Metrics.Classes;
        var counts = new long[classes, classes];
        for (int truth = 0; truth < classes; truth++)
        {
            for (int guess = 0; guess < classes; guess++)
            {
                counts[truth, guess] = evaluation.Metrics.Confusion(truth, guess);
            }
        }
        return counts;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
