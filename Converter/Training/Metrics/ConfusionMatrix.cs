namespace Edge.Training.Metrics;

/// <summary>How often samples of one class were taken for another; what accuracy, precision and recall are counted from.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <summary>Starts at nothing.</summary>
    /// <param name="classes">How many classes there are.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        _counts = new long[classes * classes];
    }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>How many samples were counted.</summary>
    public long Count { get; private set; }

    /// <summary>How many of them were taken for what they are.</summary>
    public long Correct { get; private set; }

    /// <summary>The share that was right, from 0 to 1; 0 before the first.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Correct / Count;

    /// <summary>How often samples of one class were taken for another.</summary>
    /// <param name="actual">What they are.</param>
    /// <param name="predicted">What they were taken for.</param>
    public long this[int actual, int predicted] => _counts[Place(actual, predicted)];

    /// <summary>Counts samples.</summary>
    /// <param name="actual">What they are, each below <paramref name="classes"/>.</param>
    /// <param name="predicted">What they were taken for, one a sample.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted, int classes)
    {
        if (actual.Length != predicted.Length)
        {
            throw new ArgumentException($"{predicted.Length} predictions for {actual.Length} samples", nameof(predicted));
        }
        var matrix = new ConfusionMatrix(classes);
        for (int i = 0; i < actual.Length; i++)
        {
            matrix.Add(actual[i], predicted[i]);
        }
        return matrix;
    }

    /// <summary>Counts one sample.</summary>
    /// <param name="actual">What it is.</param>
    /// <param name="predicted">What it was taken for.</param>
    public void Add(int actual, int predicted)
    {
        _counts[Place(actual, predicted)]++;
        Count++;
        Correct += actual == predicted ? 1 : 0;
    }

    /// <summary>A row for each actual class, a column for each predicted one; a new copy.</summary>
    public long[][] ToRows()
    {
        long[][] rows = new long[Classes][];
        for (int i = 0; i < Classes; i++)
        {
            rows[i] = _counts[(i * Classes)..((i + 1) * Classes)];
        }
        return rows;
    }

    /// <summary>Precision, recall and F1 of one class against the rest.</summary>
    /// <param name="index">The class.</param>
    public ClassScores Class(int index) => ClassScores.Of(this[index, index], Taken(index), Support(index));

    /// <summary>How many samples are of a class.</summary>
    /// <param name="index">The class.</param>
    public long Support(int index)
    {
        long sum = 0;
        for (int other = 0; other < Classes; other++)
        {
            sum += this[index, other];
        }
        return sum;
    }

    /// <summary>How many samples were taken for a class.</summary>
    /// <param name="index">The class.</param>
    public long Taken(int index)
    {
        long sum = 0;
        for (int other = 0; other < Classes; other++)
        {
            sum += this[other, index];
        }
        return sum;
    }

    /// <summary>What a class is mistaken for most often, the first of several; null where it never is.</summary>
    /// <param name="index">The class.</param>
    public int? MostMistakenFor(int index)
    {
        int? most = null;
        for (int other = 0; other < Classes; other++)
        {
            if (other != index && this[index, other] > (most is { } best ? this[index, best] : 0))
            {
                most = other;
            }
        }
        return most;
    }

    /// <summary>The plain mean of the classes' scores; a class that neither occurs nor is ever named is left out.</summary>
    public ClassScores Macro() => Mean(index => Support(index) + Taken(index) > 0 ? 1 : 0);

    /// <summary>The mean of the classes' scores weighted by how many samples each has.</summary>
    public ClassScores Weighted() => Mean(Support);

    /// <summary>The scores of all decisions counted together; with one class a sample all three are the accuracy.</summary>
    public ClassScores Micro() => ClassScores.Of(Correct, Count, Count);

    private ClassScores Mean(Func<int, long> weigh)
    {
        (double precision, double recall, double f1, double sum) = (0, 0, 0, 0);
        for (int index = 0; index < Classes; index++)
        {
            ClassScores scores = Class(index);
            long weight = weigh(index);
            precision += weight * scores.Precision;
            recall += weight * scores.Recall;
            f1 += weight * scores.F1;
            sum += weight;
        }
        return sum == 0 ? new ClassScores(0, 0, 0, 0) : new ClassScores(precision / sum, recall / sum, f1 / sum, Count);
    }

    private int Place(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (actual * Classes) + predicted;
    }
}
