using Edge.Torch;

namespace Edge.Training.Metrics;

/// <summary>Whether what a graph gives can be judged as a classifier's logits.</summary>
internal static class LogitShape
{
    /// <summary>The number of classes.</summary>
    /// <exception cref="TrainingException">The output is not [images, classes] float32 with a class for every label.</exception>
    public static int Classes(Tensor output, int images, int labels)
    {
        long[] shape = output.Shape;
        if (shape.Length != 2 || shape[0] != images || shape[1] > 1 << 20 || output.Type != DataType.Float32)
        {
            throw new TrainingException($"the model gives {output}, not [{images}, classes] float32: only classifiers can be trained and judged here");
        }
        return shape[1] >= labels
            ? (int)shape[1]
            : throw new TrainingException($"the model tells {shape[1]} classes apart, the data set has {labels}: use a model for {labels} classes");
    }
}
