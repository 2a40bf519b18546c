using System.Globalization;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>One score a class to the best classes with probabilities. After construction it allocates nothing. One thread at a time.</summary>
public sealed class Classifier
{
    private readonly bool _softmax;
    private readonly float[] _probabilities;
    private readonly ClassScore[] _best;
    private readonly string[] _labels;

    /// <summary>Prepares for a model.</summary>
    /// <param name="spec">The output spec; its family must be <see cref="OutputSpec.Classifier"/>.</param>
    /// <param name="labels">One name a class; none names the classes by number.</param>
    /// <param name="classes">How many scores the model gives.</param>
    /// <exception cref="InferenceException">The family is another, or there are labels for another number of classes.</exception>
    public Classifier(OutputSpec spec, IReadOnlyList<string> labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (spec.Family != OutputSpec.Classifier)
        {
            throw new InferenceException($"the output family '{spec.Family}' is not known to this runtime; update the runtime");
        }
        if (labels.Count != 0 && labels.Count != classes)
        {
            throw new InferenceException($"the model tells {classes} classes apart, {PackagePath.Labels} names {labels.Count}; make the package again");
        }
        _softmax = spec.Scores == ScoreKind.Logits;
        Threshold = spec.Threshold;
        _probabilities = new float[classes];
        _best = new ClassScore[Math.Min(spec.TopK, classes)];
        _labels = new string[classes];
        for (int i = 0; i < classes; i++)
        {
            _labels[i] = labels.Count > 0 ? labels[i] : i.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Classes below this probability are not named.</summary>
    public float Threshold { get; set; }

    /// <summary>How many classes are named at most.</summary>
    public int TopK => _best.Length;

    /// <summary>How many classes there are.</summary>
    public int Classes => _labels.Length;

    /// <summary>The probability of every class, from the last <see cref="Run"/>.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>A class's name, or its number where the package has no labels.</summary>
    /// <param name="index">The class.</param>
    public string Label(int index) => _labels[index];

    /// <summary>The best classes.</summary>
    /// <param name="scores">One a class; a score that is not a number counts as impossible.</param>
    /// <returns>
    /// At most top-k classes that reach the threshold, best first, the lower index first among equals; valid until the next call.
    /// </returns>
    /// <exception cref="ArgumentException">There is another number of scores.</exception>
    public ReadOnlySpan<ClassScore> Run(ReadOnlySpan<float> scores)
    {
        if (scores.Length != Classes)
        {
            throw new ArgumentException($"{scores.Length} scores for {Classes} classes", nameof(scores));
        }
        if (_softmax)
        {
            Softmax(scores, _probabilities);
        }
        else
        {
            scores.CopyTo(_probabilities);
        }
        return Best(scores);
    }

    // Ordered by the scores themselves: probabilities of very sure models round to the same value.
    private ReadOnlySpan<ClassScore> Best(ReadOnlySpan<float> scores)
    {
        int count = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            float score = scores[i];
            if (!(_probabilities[i] >= Threshold) || float.IsNaN(score) || (count == _best.Length && !(score > scores[_best[count - 1].Index])))
            {
                continue;
            }
            int place = count < _best.Length ? count++ : count - 1;
            for (; place > 0 && score > scores[_best[place - 1].Index]; place--)
            {
                _best[place] = _best[place - 1];
            }
            _best[place] = new ClassScore(i, _probabilities[i]);
        }
        return _best.AsSpan(0, count);
    }

    private static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores)
        {
            largest = score > largest ? score : largest;
        }
        float sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            // The largest one is 1 even where it is infinite; what is not a number is 0.
            float power = scores[i] == largest ? 1 : MathF.Exp(scores[i] - largest);
            probabilities[i] = float.IsNaN(power) ? 0 : power;
            sum += probabilities[i];
        }
        float scale = sum > 0 ? 1 / sum : 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] *= scale;
        }
    }
}
