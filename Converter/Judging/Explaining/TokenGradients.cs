using Edge.Graph;
using Edge.Torch;
using Edge.Training;

namespace Edge.Judging.Explaining;

/// <summary>
/// Integrated gradients of a text classifier, by token (Sundararajan, Taly and Yan 2017, on the embedding as there). Token numbers
/// have no gradient, the vectors that stand for them have: the way goes from the padding token's vector at every place to the
/// text's own vectors, while whatever else the model reads of the token numbers, such as which are padding, stays the text's. For
/// one thread at a time; dispose it.
/// </summary>
public sealed class TokenGradients : IDisposable
{
    private readonly GraphExecutor _executor;
    private readonly float[] _table;
    private readonly int _width;
    private readonly string _source;
    private readonly int _tokensInput;
    private readonly int? _fixedBatch;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="JudgingException">The model does not look its one input up in a table of float32 vectors.</exception>
    /// <exception cref="TrainingException">The training engine cannot execute it; the message names the node.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public TokenGradients(OnnxModel model, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        _source = source;
        Value[] inputs = [.. model.Graph.Inputs.Where(value => value.Constant is null)];
        Node lookup = model.Graph.Nodes.FirstOrDefault(node => inputs is [var only] && IsLookup(node, only))
            ?? throw new JudgingException($"{source}: looks its input up in no table of vectors (Gather of float32 [tokens, width]); tokens have gradients only there");
        OnnxTensor table = lookup.Inputs[0]!.Constant!;
        _table = table.ToArray<float>();
        _width = (int)table.Dims[1];
        _fixedBatch = inputs[0].Shape is { Rank: > 0 } shape && shape[0].Size is { } size ? (int)size : null;
        Value vectors = lookup.Outputs[0]!;
        OnnxModel part = GraphExtractor.Extract(model, [inputs[0].Name, vectors.Name], [ModelPart.BelowSoftmax(model.Graph.Outputs[0]).Name]);
        _executor = new GraphExecutor(part, new GraphExecutorOptions { IsTrainable = _ => false });
        _tokensInput = _executor.Inputs.ToList().FindIndex(value => value.Name == inputs[0].Name);
    }

    /// <summary>Attributes the centred score of a class to the tokens of a text; see <see cref="CentredScore"/>.</summary>
    /// <param name="tokens">The text, as many tokens as the model takes.</param>
    /// <param name="target">The class; 0 where the model gives one score.</param>
    /// <param name="steps">Points on the way, in the middle of as many equal parts of it.</param>
    /// <returns>One value a token: the sum over its vector.</returns>
    /// <exception cref="JudgingException">A token is none of the table's.</exception>
    /// <exception cref="TrainingException">A node fails; the message names it.</exception>
    public Attribution Of(ReadOnlySpan<long> tokens, int target, int steps = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        float[] own = Vectors(tokens);
        float[] none = Vectors(new long[tokens.Length]);
        float[] sums = new float[own.Length];
        float[] points = new float[own.Length];
        for (int step = 0; step < steps; step++)
        {
            float share = (step + 0.5f) / steps;
            for (int i = 0; i < points.Length; i++)
            {
                points[i] = none[i] + (share * (own[i] - none[i]));
            }
            Run(tokens, points, target, sums);
        }
        float[] values = new float[tokens.Length];
        for (int i = 0; i < own.Length; i++)
        {
            values[i / _width] += sums[i] / steps * (own[i] - none[i]);
        }
        return new Attribution(values, Run(tokens, own, target, null), Run(tokens, none, target, null));
    }

    /// <summary>Frees everything native.</summary>
    public void Dispose() => _executor.Dispose();

    private static bool IsLookup(Node node, Value tokens) =>
        node.Is("Gather") && node.Attributes.GetInt("axis", 0) == 0
        && node.Inputs[0] is { Constant: { Type: ElementType.Float, Dims.Length: 2 } }
        && IsOf(node.Inputs[1]!, tokens);

    private static bool IsOf(Value indices, Value tokens)
    {
        while (indices != tokens && indices.Producer is { } producer && (producer.Is("Cast") || producer.Is("Identity")))
        {
            indices = producer.Inputs[0]!;
        }
        return indices == tokens;
    }

    private float[] Vectors(ReadOnlySpan<long> tokens)
    {
        float[] vectors = new float[tokens.Length * _width];
        int rows = _table.Length / _width;
        for (int place = 0; place < tokens.Length; place++)
        {
            long token = tokens[place];
            if (token < 0 || token >= rows)
            {
                throw new JudgingException($"{_source}: token {token} is none of its {rows}; cut the text with the model's own vocabulary");
            }
            _table.AsSpan((int)token * _width, _width).CopyTo(vectors.AsSpan(place * _width));
        }
        return vectors;
    }

    // A model of a fixed batch gets the same text throughout; only the first row is looked at.
    private float Run(ReadOnlySpan<long> tokens, float[] vectors, int target, float[]? gradients)
    {
        int batch = _fixedBatch ?? 1;
        using Tensor numbers = Tensor.From<long>([.. Enumerable.Repeat(tokens.ToArray(), batch).SelectMany(text => text)], [batch, tokens.Length]);
        using Tensor input = Tensor.From<float>([.. Enumerable.Repeat(vectors, batch).SelectMany(text => text)], [batch, tokens.Length, _width]);
        input.RequiresGrad = gradients is not null;
        Tensor[] inputs = _tokensInput < 0 ? [input] : _tokensInput == 0 ? [numbers, input] : [input, numbers];
        Tensor[] outputs = _executor.Run(inputs, gradients is null ? RunMode.Inference : RunMode.Gradients);
        using Tensor output = outputs[0];
        float[] scores = output.ToArray<float>();
        if (scores.Length == 0 || scores.Length % batch != 0)
        {
            throw new JudgingException($"{_source}: gives {output} for {batch} texts, not a row of scores for each; only classifiers can be explained so");
        }
        int classes = scores.Length / batch;
        if (gradients is not null)
        {
            float[] slopes = new float[scores.Length];
            CentredScore.Slope(target, slopes.AsSpan(0, classes));
            using Tensor direction = Tensor.From<float>(slopes, output.Shape);
            output.Backward(direction);
            using Tensor gradient = input.Gradient() ?? throw new TrainingException($"{_source}: no gradient reaches the vectors of its tokens; an operator on the way has none");
            float[] values = gradient.ToArray<float>();
            for (int i = 0; i < gradients.Length; i++)
            {
                gradients[i] += values[i];
            }
        }
        return CentredScore.Of(scores.AsSpan(0, classes), target);
    }
}
