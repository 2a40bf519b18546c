using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Reports;
using Edge.Training;

namespace Edge.Cli.Training;

/// <summary>Shows how training goes: a bar that is redrawn on a terminal, a line an epoch everywhere.</summary>
/// <param name="history">The finished epochs.</param>
internal sealed class TrainingView(Func<IReadOnlyList<EpochRecord>> history) : IProgress<TrainingProgress>
{
    private const int BarWidth = 24;
    private readonly List<(double X, double Y)> _loss = [];
    private readonly List<(double X, double Y)> _accuracy = [];
    private readonly ProgressLine _line = new();
    private int _listed = history().Count;
    private TrainingProgress _last;

    /// <summary>Whether epochs are not listed.</summary>
    internal bool IsQuiet { get; init; }

    /// <summary>What was shown, and what validation found after each epoch, for plots over epochs.</summary>
    internal TrainingCurves Curves => new(
        [new Series("training", _loss), new Series("validation", Validation(epoch => epoch.ValidationLoss))],
        [new Series("training", _accuracy), new Series("validation", Validation(epoch => epoch.ValidationAccuracy))]);

    public void Report(TrainingProgress value)
    {
        ListFinished();
        Plot(value);
        double share = (double)value.Step / value.Steps;
        string bar = new string('━', (int)(share * BarWidth)).PadRight(BarWidth, '─');
        _line.Show(Text($"epoch {value.Epoch}/{value.Epochs} {bar} {share,4:P0}  loss {value.Loss:F4}  {Share(value.Accuracy)}{value.SamplesPerSecond:N0} images/s  {value.TimeLeft:mm\\:ss} left"));
    }

    /// <summary>Lists what is left to list.</summary>
    internal void Finish()
    {
        ListFinished();
        _line.Clear();
    }

    // Progress tells means since the epoch began; a plot wants those since the last report.
    private void Plot(TrainingProgress value)
    {
        TrainingProgress before = _last.Epoch == value.Epoch ? _last : default;
        _last = value;
        double steps = value.Step - before.Step;
        if (steps > 0)
        {
            double place = value.Epoch - 1 + ((value.Step - (steps / 2)) / value.Steps);
            _loss.Add((place, ((value.Loss * value.Step) - (before.Loss * before.Step)) / steps));
            if (value.Accuracy is { } accuracy)
            {
                _accuracy.Add((place, ((accuracy * value.Step) - ((before.Accuracy ?? 0) * before.Step)) / steps));
            }
        }
    }

    private void ListFinished()
    {
        for (; _listed < history().Count; _listed++)
        {
            EpochRecord epoch = history()[_listed];
            _line.Clear();
            if (IsQuiet)
            {
                continue;
            }
            string validation = epoch.ValidationLoss is { } loss ? Text($"  validation loss {loss:F4} {Share(epoch.ValidationAccuracy)}{Precision(epoch.ValidationAp50)}") : "";
            Screen.Note(Text($"epoch {epoch.Epoch,2}  loss {epoch.TrainLoss:F4} {Share(epoch.TrainAccuracy)}{validation}({epoch.Seconds:F1} s)"));
        }
    }

    private List<(double X, double Y)> Validation(Func<EpochRecord, double?> figure) =>
        [.. history().Where(epoch => figure(epoch) is not null).Select(epoch => ((double)epoch.Epoch, figure(epoch)!.Value))];

    private static string Precision(double? value) => value is { } precision ? Text($"AP50 {precision:P2}  ") : "";

    private static string Share(double? accuracy) => accuracy is { } share ? Text($"accuracy {share:P2}  ") : " ";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
