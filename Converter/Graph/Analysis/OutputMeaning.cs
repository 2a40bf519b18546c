using System.Globalization;

namespace Edge.Graph.Analysis;

/// <summary>Guesses what an output gives, where no detector was recognised.</summary>
internal static class OutputMeaning
{
    private const int SmallestMap = 8;

    internal static Guess? Of(Value output, ModelFacts facts)
    {
        Node? last = ModelFacts.LastMaker(output);
        Guess Make(string kind, string meaning, Certainty certainty, string reason) => new(output.Name, kind, meaning, certainty, reason);
        int rank = ModelFacts.Rank(output);
        // [N,C], or the same with axes of one behind.
        bool isFlat = rank >= 2 && Enumerable.Range(2, rank - 2).All(axis => ModelFacts.Size(output, axis) == 1);
        if (last?.Producer("Softmax", "LogSoftmax") is { } softmax && isFlat && ModelFacts.Size(output, 1) is { } classes and > 1)
        {
            string what = softmax.OpType == "Softmax" ? "probabilities" : "logarithms of probabilities";
            return Make("classes", $"{what} of {Text(classes)} classes", Certainty.Likely, $"{softmax.Describe()} makes it");
        }
        if (last is not null && last.Is("Sigmoid") && isFlat)
        {
            return ModelFacts.Size(output, 1) is 1
                ? Make("probability", "one probability: yes or no", Certainty.Likely, $"{last.Describe()} makes it")
                : Make("labels", $"{Text(ModelFacts.Size(output, 1))} probabilities, each for itself", Certainty.Likely, $"{last.Describe()} makes it");
        }
        if (last is not null && last.OpType is "LpNormalization" && isFlat)
        {
            return Make("embedding", $"embedding of {Text(ModelFacts.Size(output, 1))} figures, of length 1", Certainty.Likely, $"{last.Describe()} makes it");
        }
        if (last is not null && last.OpType is "ArgMax")
        {
            return Make("class", "number of the most probable class", Certainty.Likely, $"{last.Describe()} makes it");
        }
        bool isLinear = last is not null && (last.OpType is "Gemm" or "MatMul" or "QLinearMatMul" or "Conv" or "GlobalAveragePool" or "ReduceMean"
            || (last.Is("Add") && last.Inputs.Any(input => input?.Constant is not null)));
        if (isFlat && isLinear && ModelFacts.Size(output, 1) is { } scores)
        {
            return scores == 1
                ? Make("figure", "one figure: an estimate, or the logit of yes or no", Certainty.Possible, $"{last!.Describe()} makes it")
                : Make("classes", $"scores (logits) of {Text(scores)} classes, or as many estimates", scores <= 20_000 && facts.Picture is not null ? Certainty.Likely : Certainty.Possible, $"{last!.Describe()} makes it");
        }
        return rank == 4 && facts.Picture is not null ? Map(output, facts.Picture) : null;
    }

    private static Guess? Map(Value output, PictureSize picture)
    {
        (long? height, long? width) = (ModelFacts.Size(output, 2), ModelFacts.Size(output, 3));
        if (height is not { } h || width is not { } w || h < SmallestMap || w < SmallestMap || picture.Height is not { } pictureHeight || pictureHeight % h != 0)
        {
            return null;
        }
        long stride = pictureHeight / h;
        long? channels = ModelFacts.Size(output, 1);
        return stride is 1 or 2 or 4 or 8
            ? new Guess(output.Name, "map", stride == 1 && channels == picture.Channels
                ? "picture of the input's size"
                : $"{Text(channels)} values for each {stride}×{stride} pixels, such as the classes of a segmentation", Certainty.Possible, $"map of {w}×{h}")
            : null;
    }

    private static Node? Producer(this Node node, params ReadOnlySpan<string> operators) => operators.Contains(node.OpType) ? node : null;

    private static string Text(long? size) => size?.ToString(CultureInfo.InvariantCulture) ?? "an open number of";
}
