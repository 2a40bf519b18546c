using Edge.Foundation;

namespace Edge.Judging.Attacking;

/// <summary>Changes inputs a little, everywhere and on purpose, so that a classifier errs.</summary>
public static class GradientAttack
{
    /// <summary>
    /// The fast gradient sign method: every value one step of size ε towards more loss (Goodfellow and others, "Explaining and
    /// harnessing adversarial examples", 2015).
    /// </summary>
    /// <param name="model">The model whose gradients guide the attack.</param>
    /// <param name="inputs">[count, …] as the model takes them.</param>
    /// <param name="labels">The true class of each.</param>
    /// <param name="epsilon">How far each value may move, in units of the data.</param>
    /// <param name="bounds">The units, and what is possible at all.</param>
    /// <returns>As many values; none further than ε from the clean one, none impossible.</returns>
    public static float[] Fgsm(DifferentiableModel model, float[] inputs, int[] labels, float epsilon, AttackBounds bounds)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        float[] changed = [.. inputs];
        float[] gradients = new float[inputs.Length];
        model.LossGradients(inputs, labels, gradients);
        Step(changed, gradients, epsilon, bounds);
        bounds.Project(changed, inputs, epsilon);
        return changed;
    }

    /// <summary>
    /// Projected gradient descent: many small steps, each brought back into reach, from a random start (Madry and others, "Towards
    /// deep learning models resistant to adversarial attacks", 2018). A sample that fools the model is left as it is; the first
    /// try is <see cref="Fgsm"/>'s, so that this attack is never the weaker.
    /// </summary>
    /// <param name="model">The model whose gradients guide the attack.</param>
    /// <param name="inputs">[count, …] as the model takes them.</param>
    /// <param name="labels">The true class of each.</param>
    /// <param name="epsilon">How far each value may move, in units of the data.</param>
    /// <param name="bounds">The units, and what is possible at all.</param>
    /// <param name="steps">How many steps; each is 2.5 · ε ÷ steps long.</param>
    /// <param name="seed">The same seed gives the same start.</param>
    /// <returns>As many values; none further than ε from the clean one, none impossible.</returns>
    public static float[] Pgd(DifferentiableModel model, float[] inputs, int[] labels, float epsilon, AttackBounds bounds, int steps = 10, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        float[] best = Fgsm(model, inputs, labels, epsilon, bounds);
        var fooled = new bool[labels.Length];
        Mark(fooled, model.Scores(best, labels.Length), labels);
        float[] changed = [.. inputs];
        var random = new SplitMix64(SplitMix64.Mix(seed, 0xA77A));
        for (int i = 0; i < changed.Length; i++)
        {
            changed[i] += (float)((2 * random.NextDouble()) - 1) * epsilon * bounds.Scale[bounds.Channel(i)];
        }
        bounds.Project(changed, inputs, epsilon);
        float[] gradients = new float[inputs.Length];
        for (int step = 0; step <= steps; step++)
        {
            // The scores are those before the step: what fools already is kept, and the last round only looks.
            float[] scores = model.LossGradients(changed, labels, gradients);
            Keep(best, changed, fooled, model.SampleLength);
            Mark(fooled, scores, labels);
            if (step < steps)
            {
                Step(changed, gradients, 2.5f * epsilon / steps, bounds);
                bounds.Project(changed, inputs, epsilon);
            }
        }
        return best;
    }

    /// <summary>Whether a classifier errs.</summary>
    /// <param name="scores">One a class, or one alone: above 0 means class 1.</param>
    /// <param name="label">The true class.</param>
    public static bool IsFooled(ReadOnlySpan<float> scores, int label) =>
        scores.Length == 1 ? scores[0] > 0 != (label == 1) : Training.Metrics.ClassificationMetrics.ArgMax(scores) != label;

    private static void Step(float[] changed, float[] gradients, float size, AttackBounds bounds)
    {
        for (int i = 0; i < changed.Length; i++)
        {
            float sign = gradients[i] > 0 ? 1 : gradients[i] < 0 ? -1 : 0;
            changed[i] += sign * size * bounds.Scale[bounds.Channel(i)];
        }
    }

    private static void Mark(bool[] fooled, float[] scores, int[] labels)
    {
        int classes = scores.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            fooled[i] |= IsFooled(scores.AsSpan(i * classes, classes), labels[i]);
        }
    }

    private static void Keep(float[] best, float[] changed, bool[] fooled, int length)
    {
        for (int i = 0; i < fooled.Length; i++)
        {
            if (!fooled[i])
            {
                changed.AsSpan(i * length, length).CopyTo(best.AsSpan(i * length, length));
            }
        }
    }
}
