using System.Runtime.InteropServices;
using Edge.Torch;

namespace Edge.Training.Metrics;

/// <summary>Reads what a graph gives as a classifier's logits, into memory that is used again.</summary>
/// <param name="labels">How many classes the data set has.</param>
internal sealed class ClassLogits(int labels)
{
    private float[] _values = [];

    /// <summary>How many classes the model tells apart, after a first batch.</summary>
    public int Classes { get; private set; }

    /// <summary>The logits of a batch, [count, classes], until the next is read. A single logit z stands for the pair 0, z.</summary>
    /// <exception cref="TrainingException">The output is not [count, classes] float32 with a class for every label.</exception>
    public ReadOnlySpan<float> Read(Tensor output, int count)
    {
        long[] shape = output.Shape;
        bool isSingle = labels == 2 && (shape.Length == 1 || (shape.Length == 2 && shape[1] == 1));
        if (shape.Length == 0 || shape[0] != count || output.Type != DataType.Float32 || (!isSingle && (shape.Length != 2 || shape[1] > 1 << 20)))
        {
            throw new TrainingException($"the model gives {output}, not [{count}, classes] float32: only classifiers can be trained and judged by classes");
        }
        Classes = isSingle ? 2 : (int)shape[1];
        if (Classes < labels)
        {
            throw new TrainingException($"the model tells {Classes} classes apart, the data set has {labels}: use a model for {labels} classes");
        }
        if (_values.Length < count * Classes)
        {
            _values = new float[count * Classes];
        }
        Span<float> values = _values.AsSpan(0, count * Classes);
        output.CopyTo(MemoryMarshal.AsBytes(isSingle ? values[..count] : values));
        for (int row = count - 1; isSingle && row >= 0; row--)
        {
            (values[(2 * row) + 1], values[2 * row]) = (values[row], 0);
        }
        return values;
    }

    /// <summary>How many of a batch's samples are right.</summary>
    public int CountCorrect(Tensor output, ReadOnlySpan<long> classes)
    {
        ReadOnlySpan<float> values = Read(output, classes.Length);
        int correct = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            correct += ClassificationMetrics.ArgMax(values.Slice(i * Classes, Classes)) == classes[i] ? 1 : 0;
        }
        return correct;
    }
}
