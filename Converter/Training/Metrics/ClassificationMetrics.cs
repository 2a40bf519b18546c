namespace Edge.Training.Metrics;

/// <summary>Judges a classifier by its logits, whoever computed them; batches add up.</summary>
/// <param name="classes">How many classes there are.</param>
public sealed class ClassificationMetrics(int classes)
{
    private double _lossSum;

    /// <summary>What was taken for what: the largest logit (the first of several equal ones) decides.</summary>
    public ConfusionMatrix Matrix { get; } = new(classes);

    /// <summary>How many classes there are.</summary>
    public int Classes => Matrix.Classes;

    /// <summary>How many predictions were judged.</summary>
    public long Count => Matrix.Count;

    /// <summary>How many were right.</summary>
    public long Correct => Matrix.Correct;

    /// <summary>The share that was right, from 0 to 1; 0 before the first.</summary>
    public double Accuracy => Matrix.Accuracy;

    /// <summary>The mean cross-entropy in nats; 0 before the first.</summary>
    public double Loss => Count == 0 ? 0 : _lossSum / Count;

    /// <summary>The index of the largest value, the first of several equal ones.</summary>
    /// <param name="values">At least one.</param>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }
        return best;
    }

    /// <summary>How often images of one class were taken for another.</summary>
    /// <param name="actual">The class of the label.</param>
    /// <param name="predicted">The class of the largest logit.</param>
    public long Confusion(int actual, int predicted) => Matrix[actual, predicted];

    /// <summary>The confusion matrix: a row for each class of the label, a column for each prediction; a new copy.</summary>
    public long[][] ToConfusionRows() => Matrix.ToRows();

    /// <summary>Judges a batch.</summary>
    /// <param name="logits">[N, classes] in C order.</param>
    /// <param name="labels">[N], each below <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label is none of the classes.</exception>
    public void Add(ReadOnlySpan<float> logits, ReadOnlySpan<long> labels)
    {
        if (logits.Length != labels.Length * Classes)
        {
            throw new ArgumentException($"{logits.Length} logits do not fit {labels.Length} labels of {Classes} classes");
        }
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * Classes, Classes);
            long label = labels[i];
            if (label < 0 || label >= Classes)
            {
                throw new ArgumentException($"label {label} is none of {Classes} classes");
            }
            Matrix.Add((int)label, ArgMax(row));
            _lossSum += Softmax.LogSumExp(row) - row[(int)label];
        }
    }
}
