using Edge.Graph;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Metrics;

namespace Edge.Judging;

/// <summary>
/// A classifier whose scores can be differentiated by its input, as it runs on a device: dropout off, statistics frozen.
/// A final softmax is left out, since explanations and attacks want the logits below it. For one thread at a time; dispose it.
/// </summary>
public sealed class DifferentiableModel : IDisposable
{
    private readonly GraphExecutor _executor;
    private readonly ModelPart _part;
    private readonly string? _layer;
    private readonly long[] _dims;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="shape">The sizes of one sample of the input, without the batch.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="layer">A value inside the graph whose content and gradient <see cref="LayerGradients"/> gives; null for none.</param>
    /// <exception cref="JudgingException">The model is none that takes one tensor and gives scores.</exception>
    /// <exception cref="TrainingException">The training engine cannot execute it; the message names the node.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public DifferentiableModel(OnnxModel model, ReadOnlySpan<int> shape, string source, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _part = ModelPart.Of(model, source);
        _dims = new long[shape.Length + 1];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            _dims[axis + 1] = shape[axis];
        }
        _layer = layer;
        SampleLength = 1;
        foreach (int size in shape)
        {
            SampleLength *= size;
        }
        _executor = new GraphExecutor(_part.Model, new GraphExecutorOptions { IsTrainable = _ => false, Keep = layer is null ? [] : [layer] });
    }

    /// <summary>Values of one sample of the input.</summary>
    public int SampleLength { get; }

    /// <summary>How many scores a sample gets; known after the first run, 0 before.</summary>
    public int ScoreCount { get; private set; }

    /// <summary>The scores of samples.</summary>
    /// <param name="inputs">[count, …] as the model takes them.</param>
    /// <param name="count">How many samples.</param>
    /// <returns>[count, <see cref="ScoreCount"/>]; logits where the model ends with a softmax or sigmoid.</returns>
    /// <exception cref="TrainingException">A node fails; the message names it.</exception>
    public float[] Scores(ReadOnlySpan<float> inputs, int count) => Run(inputs, count, null, null);

    /// <summary>How the centred score of one class changes with each value of the input; see <see cref="CentredScore"/>.</summary>
    /// <param name="inputs">[count, …].</param>
    /// <param name="targets">The class in question of each sample.</param>
    /// <param name="gradients">As many values as the inputs; replaced.</param>
    /// <returns>The scores, [count, <see cref="ScoreCount"/>].</returns>
    /// <exception cref="TrainingException">A node fails, or no gradient reaches the input.</exception>
    public float[] ScoreGradients(ReadOnlySpan<float> inputs, int[] targets, float[] gradients)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(gradients);
        return Run(inputs, targets.Length, (_, sample, slope) => CentredScore.Slope(targets[sample], slope), (rows, first, input, _) => input.CopyTo(gradients.AsSpan(first * SampleLength, rows * SampleLength)));
    }

    /// <summary>How the loss changes with each value of the input: cross-entropy, or the logistic loss where there is one score.</summary>
    /// <param name="inputs">[count, …].</param>
    /// <param name="labels">The true class of each sample.</param>
    /// <param name="gradients">As many values as the inputs; replaced.</param>
    /// <returns>The scores, [count, <see cref="ScoreCount"/>].</returns>
    /// <exception cref="TrainingException">A node fails, or no gradient reaches the input.</exception>
    public float[] LossGradients(ReadOnlySpan<float> inputs, int[] labels, float[] gradients)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(gradients);
        return Run(inputs, labels.Length, (scores, sample, slope) => LossSlope(scores, labels[sample], slope), (rows, first, input, _) => input.CopyTo(gradients.AsSpan(first * SampleLength, rows * SampleLength)));
    }

    /// <summary>The content of the layer for one sample, and how the centred score of a class changes with it.</summary>
    /// <param name="input">One sample.</param>
    /// <param name="target">The class in question.</param>
    /// <exception cref="InvalidOperationException">No layer was named.</exception>
    /// <exception cref="TrainingException">A node fails, or the scores do not depend on the layer.</exception>
    public LayerGradient LayerGradients(ReadOnlySpan<float> input, int target)
    {
        if (_layer is null)
        {
            throw new InvalidOperationException("no layer is kept");
        }
        LayerGradient? result = null;
        Run(input, 1, (_, _, slope) => CentredScore.Slope(target, slope), (_, _, _, layer) => result = layer);
        return result!;
    }

    /// <summary>Frees everything native.</summary>
    public void Dispose() => _executor.Dispose();

    private static void LossSlope(ReadOnlySpan<float> scores, int label, Span<float> slope)
    {
        if (scores.Length == 1)
        {
            slope[0] = (float)(1 / (1 + Math.Exp(-scores[0]))) - label;
            return;
        }
        Softmax.Rows(scores, scores.Length).CopyTo(slope);
        slope[label] -= 1;
    }

    private delegate void SlopeOfScores(ReadOnlySpan<float> scores, int sample, Span<float> slope);

    private delegate void TakeGradients(int rows, int first, ReadOnlySpan<float> input, LayerGradient? layer);

    // Models of a fixed batch get their last one filled up with zeros, whose results nobody looks at.
    private float[] Run(ReadOnlySpan<float> inputs, int count, SlopeOfScores? slope, TakeGradients? take)
    {
        if (inputs.Length != (long)count * SampleLength)
        {
            throw new ArgumentException($"{inputs.Length} values are not {count} samples of {SampleLength}", nameof(inputs));
        }
        int step = _part.FixedBatch ?? count;
        var all = new List<float>();
        for (int first = 0; first < count; first += step)
        {
            int rows = Math.Min(step, count - first);
            float[] batch = new float[step * SampleLength];
            inputs.Slice(first * SampleLength, rows * SampleLength).CopyTo(batch);
            all.AddRange(RunBatch(batch, step, rows, first, slope, take).AsSpan(0, rows * ScoreCount));
        }
        return [.. all];
    }

    private float[] RunBatch(float[] batch, int step, int rows, int first, SlopeOfScores? slope, TakeGradients? take)
    {
        _dims[0] = step;
        using Tensor input = Tensor.From<float>(batch, _dims);
        input.RequiresGrad = slope is not null;
        Tensor[] outputs = _executor.Run([input], slope is null ? RunMode.Inference : RunMode.Gradients);
        using Tensor output = outputs[0];
        float[] scores = output.ToArray<float>();
        if (scores.Length == 0 || scores.Length % step != 0)
        {
            throw new JudgingException($"{_part.Source}: gives {output} for {step} samples, not a row of scores for each; only classifiers can be judged so");
        }
        ScoreCount = scores.Length / step;
        if (slope is null)
        {
            return scores;
        }
        float[] slopes = new float[scores.Length];
        for (int sample = 0; sample < rows; sample++)
        {
            slope(scores.AsSpan(sample * ScoreCount, ScoreCount), first + sample, slopes.AsSpan(sample * ScoreCount, ScoreCount));
        }
        using Tensor direction = Tensor.From<float>(slopes, output.Shape);
        output.Backward(direction);
        using Tensor? gradient = input.Gradient();
        if (gradient is null)
        {
            throw new TrainingException($"{_part.Source}: no gradient reaches the input '{_part.Model.Graph.Inputs[0].Name}'; an operator on the way has none");
        }
        float[] values = gradient.ToArray<float>();
        take!(rows, first, values.AsSpan(0, rows * SampleLength), Layer());
        return scores;
    }

    private LayerGradient? Layer()
    {
        if (_layer is null)
        {
            return null;
        }
        Tensor kept = _executor.Kept(_layer);
        using Tensor? gradient = kept.RequiresGrad ? kept.Gradient() : null;
        return gradient is null
            ? throw new TrainingException($"{_part.Source}: the scores do not depend on '{_layer}'; name another layer")
            : new LayerGradient(kept.Shape, kept.ToArray<float>(), gradient.ToArray<float>());
    }
}
