namespace Edge.Graph.Inference;

/// <summary>What inference found beyond the types that it wrote into the values.</summary>
public sealed class InferenceResult
{
    private readonly IReadOnlyDictionary<Value, TensorContent> _contents;

    internal InferenceResult(IReadOnlyList<UnknownValue> unknown, IReadOnlyList<ModelProblem> warnings, IReadOnlyDictionary<string, string> symbols, IReadOnlyDictionary<Value, TensorContent> contents)
    {
        Unknown = unknown;
        Warnings = warnings;
        Symbols = symbols;
        _contents = contents;
    }

    /// <summary>Values of which the type, the number of axes or a size stayed unknown, each with the reason.</summary>
    public IReadOnlyList<UnknownValue> Unknown { get; }

    /// <summary>Where the file declares something else than what follows from the nodes; the inferred type is kept.</summary>
    public IReadOnlyList<ModelProblem> Warnings { get; }

    /// <summary>Names that inference gave to sizes, and what each stands for: sizes that hang on the data, axes that the file leaves open.</summary>
    public IReadOnlyDictionary<string, string> Symbols { get; }

    /// <summary>The elements of a small tensor of whole numbers or truth values (0 and 1) that is the same in every run.</summary>
    /// <param name="value">A value of the model's graph or of a subgraph; initializers included.</param>
    /// <param name="content">The elements in C order; at most 4,096.</param>
    /// <returns>False where the elements are not known, hang on a symbol, or are floats.</returns>
    public bool TryGetContent(Value value, out long[] content)
    {
        ArgumentNullException.ThrowIfNull(value);
        TensorContent? found = _contents.GetValueOrDefault(value) ?? (value.Constant is { } tensor ? TensorContent.Of(tensor) : null);
        content = found is null or { IsFloat: true } ? null! : found.ToConstants()!;
        if (content is null)
        {
            content = [];
            return false;
        }
        return true;
    }

    /// <summary>The elements of a small tensor as texts: numbers, and expressions of symbols (<c>batch</c>, <c>height/32</c>).</summary>
    /// <param name="value">A value of the model's graph or of a subgraph.</param>
    /// <returns>The elements in C order, <c>?</c> for one that is not known; null where nothing is known.</returns>
    public IReadOnlyList<string>? FindContent(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _contents.TryGetValue(value, out TensorContent? content) ? [.. content.Elements.Select(element => element.ToString())] : null;
    }
}
