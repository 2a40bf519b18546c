using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Packages;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Explaining;

/// <summary>Explains what a classifier says about samples.</summary>
internal static class ExplainWork
{
    private const int BaselineSamples = 200;

    /// <summary>Explains.</summary>
    /// <exception cref="ToolException">A method, class or sample is not there.</exception>
    /// <exception cref="DataException">The data do not fit the model.</exception>
    internal static ExplainResult Run(JudgedModel model, ModelCard? card, JudgedSource source, ExplainOptions options, CancellationToken cancellation)
    {
        Dataset data = source.Test;
        SampleFeed feed = SampleFeed.Of(model, card, data);
        int[] indices = source.Given is not null ? [.. Enumerable.Range(0, data.Count)]
            : options.Indices.Count > 0 ? [.. options.Indices.Select(index => CheckIndex(index, data))] : JudgedData.Choose(data, options.Count, options.Seed).Indices;
        using var runner = new ModelRunner(model, card, feed, options.Threads);
        ScoreKind kind = Predictions.Kind(model, card);
        Predictions predictions = runner.Predict(indices, "explain", cancellation).AsLogits(data.ClassNames.Count, kind);
        string[] names = [.. Enumerable.Range(0, predictions.Width).Select(index => index < data.ClassNames.Count ? data.ClassNames[index] : index.ToString(CultureInfo.InvariantCulture))];
        int? wanted = options.Class is { } text ? FindClass(text, names) : null;
        float[] probabilities = Softmax.Rows(predictions.Outputs, predictions.Width);
        int[] classes = predictions.Classes();
        var notes = new List<string>();
        var method = Method(model, feed, runner, kind, source, options, notes);
        var progress = new ProgressBar("explain");
        var explanations = new List<Explanation>();
        try
        {
            for (int sample = 0; sample < indices.Length; sample++)
            {
                cancellation.ThrowIfCancellationRequested();
                int target = wanted ?? classes[sample];
                explanations.Add(method.Explain(indices[sample], target, new Explanation
                {
                    Index = indices[sample],
                    Name = source.Given?.NameOf(indices[sample]) ?? indices[sample].ToString(CultureInfo.InvariantCulture),
                    Truth = predictions.Labels[sample] >= 0 ? names[predictions.Labels[sample]] : null,
                    Predicted = names[classes[sample]],
                    Probability = probabilities[(sample * predictions.Width) + classes[sample]],
                    Class = names[target],
                }));
                progress.Show(sample + 1, indices.Length);
            }
            return new ExplainResult(model, feed, method.Layer, explanations, notes) { Columns = source.Columns, IsGiven = source.Given is not null };
        }
        finally
        {
            (method as IDisposable)?.Dispose();
        }
    }

    private static IExplainer Method(
        JudgedModel model, SampleFeed feed, ModelRunner runner, ScoreKind kind, JudgedSource source, ExplainOptions options, List<string> notes)
    {
        Dataset data = source.Test;
        if (feed.Picture is not null)
        {
            return new PictureExplainer(model, feed, runner, kind, options, notes);
        }
        if (data.Inputs[0].Type == DataType.Float32)
        {
            // Given readings are normalised by the training data's mean, which therefore is 0.
            return new ReadingsExplainer(model, feed, source.Given is null ? Baseline(feed) : new float[feed.SampleLength], options.Steps);
        }
        return data.Inputs[0].Type == DataType.Int64 && data.Inputs.Count == 1
            ? new TokenExplainer(model, runner, kind, source, options, notes)
            : throw new ToolException($"{data.Name}: its samples are {data.Inputs[0]}; pictures, readings and tokens can be explained");
    }

    // What says nothing about any class: the mean sample, each column's mean at every step.
    private static float[] Baseline(SampleFeed feed)
    {
        Field field = feed.Data.Inputs[0];
        int columns = field.Channels;
        int inner = 1;
        for (int axis = field.Shape.Length - 1; axis > (field.ChannelAxis ?? -1); axis--)
        {
            inner *= field.Shape[axis];
        }
        double[] sums = new double[columns];
        int[] drawn = JudgedData.Choose(feed.Data, BaselineSamples, seed: 0).Indices;
        foreach (int index in drawn)
        {
            float[] sample = feed.Read(index);
            for (int place = 0; place < sample.Length; place++)
            {
                sums[place / inner % columns] += sample[place];
            }
        }
        double count = (double)drawn.Length * feed.SampleLength / columns;
        return [.. Enumerable.Range(0, feed.SampleLength).Select(place => (float)(sums[place / inner % columns] / count))];
    }

    private static int CheckIndex(int index, Dataset data) =>
        index >= 0 && index < data.Count ? index : throw new ToolException($"--index {index}: {data.Name} has the samples 0 to {data.Count - 1}");

    private static int FindClass(string text, string[] names)
    {
        int found = Array.IndexOf(names, text);
        if (found >= 0 || (int.TryParse(text, CultureInfo.InvariantCulture, out found) && found >= 0 && found < names.Length))
        {
            return found;
        }
        string hint = NearestName.Of(text, names) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", names.Take(20))}";
        throw new ToolException($"--class {text}: not a class; {hint}");
    }
}
