using Edge.Foundation;
using Edge.Inference.Text;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>Leaves tokens of a text out, but never all; what follows moves up.</summary>
public sealed record WordDrop : IAugmentation
{
    /// <summary>The share of tokens that is left out, from 0 to 1.</summary>
    public double Probability { get; init; } = 0.1;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Type != DataType.Int64 || input.Shape.Length != 1)
        {
            throw new DataException($"wordDrop: works on tokens of texts, not on {input}");
        }
        AugmentationCheck.Range("wordDrop", "probability", Probability, 0, 1);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        Span<long> tokens = sample.Values<long>();
        int length = tokens.Length;
        while (length > 0 && tokens[length - 1] == Vocabulary.PaddingId)
        {
            length--;
        }
        if (length == 0)
        {
            return;
        }
        int keeps = random.Below(length);
        int kept = 0;
        for (int i = 0; i < length; i++)
        {
            if (!Chance.Of(Probability, ref random) || i == keeps)
            {
                tokens[kept++] = tokens[i];
            }
        }
        tokens[kept..length].Clear();
    }
}
