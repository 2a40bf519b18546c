using Edge.Graph.Execution;

namespace Edge.Graph.Analysis;

/// <summary>Runs two models in ONNX Runtime on the same inputs and measures how far apart their outputs lie.</summary>
public sealed class OutputComparison
{
    private const int RandomRuns = 4;

    private readonly EngineSession _first;
    private readonly EngineSession _second;
    private readonly int[] _inputs;
    private readonly int[] _outputs;
    private readonly DeltaSum[] _sums;
    private readonly int _own;

    private OutputComparison(EngineSession first, EngineSession second, int[] inputs, int[] outputs, int own)
    {
        (_first, _second, _inputs, _outputs, _own) = (first, second, inputs, outputs, own);
        _sums = [.. outputs.Select(_ => new DeltaSum())];
    }

    /// <summary>Compares two models on inputs that are given, or on four sets of seeded random ones.</summary>
    /// <param name="first">The first model; random inputs are made after its graph.</param>
    /// <param name="second">The second. Inputs and outputs pair up by name, where none of a side's names is known to the other by position.</param>
    /// <param name="options">On what, and what is looked at.</param>
    /// <exception cref="ModelFormatException">ONNX Runtime refuses a model, or a given input.</exception>
    public static OutputDeltas Run(OnnxModel first, OnnxModel second, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        options ??= new ComparisonOptions();
        string[] layers = options.Layers ? [.. SharedTensors.Find(first, second)] : [];
        using var a = new EngineSession(SharedTensors.GiveOut(first, layers), new EngineOptions { Quiet = true }, "the first model");
        using var b = new EngineSession(SharedTensors.GiveOut(second, layers), new EngineOptions { Quiet = true }, "the second model");
        if (Pair(a.InputNames, b.InputNames) is not { } inputs)
        {
            return OutputDeltas.None($"they take different inputs: {string.Join(", ", a.InputNames)} and {string.Join(", ", b.InputNames)}");
        }
        int own = a.OutputNames.Count - layers.Length;
        string[] theirs = [.. b.OutputNames.Take(b.OutputNames.Count - layers.Length)];
        int[] outputs = [.. Pair([.. a.OutputNames.Take(own)], theirs, isPartial: true)!, .. layers.Select((_, index) => theirs.Length + index)];
        OutputComparison Start() => new(a, b, inputs, outputs, own);
        return options.Given is { } given ? RunGiven(Start(), given) : RunRandom(Start, new FilledInputs(options.Shapes ?? first, options.Fill, options.Seed));
    }

    private static OutputDeltas RunGiven(OutputComparison comparison, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> given)
    {
        int runs = 0;
        foreach (IReadOnlyDictionary<string, OnnxTensor> inputs in given)
        {
            comparison.Add(inputs);
            runs++;
        }
        return runs == 0 ? OutputDeltas.None("no inputs were given") : comparison.ToDeltas(runs);
    }

    // The first way to choose open sizes that both models take is the one that every run uses.
    private static OutputDeltas RunRandom(Func<OutputComparison> start, FilledInputs random)
    {
        string problem = "";
        for (int attempt = 0; attempt < RandomInputs.AttemptCount; attempt++)
        {
            OutputComparison comparison = start();
            try
            {
                for (int run = 0; run < RandomRuns; run++)
                {
                    if (random.Make(attempt, run, out string refusal) is not { } inputs)
                    {
                        return OutputDeltas.None(refusal);
                    }
                    comparison.Add(inputs);
                }
                return comparison.ToDeltas(RandomRuns);
            }
            catch (ModelFormatException e)
            {
                problem = problem.Length > 0 ? problem : e.Message;
            }
        }
        return OutputDeltas.None(problem);
    }

    private void Add(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        IReadOnlyList<IReadOnlyList<OnnxTensor>> one = _first.RunNested(inputs);
        IReadOnlyList<IReadOnlyList<OnnxTensor>> other = _second.RunNested(Renamed(inputs, _first.InputNames, _inputs, _second.InputNames));
        for (int index = 0; index < one.Count; index++)
        {
            _sums[index].Add(one[index], _outputs[index] < 0 ? null : other[_outputs[index]]);
        }
    }

    private OutputDeltas ToDeltas(int runs)
    {
        OutputDelta[] deltas = [.. _sums.Select((sum, index) => sum.ToDelta(_first.OutputNames[index]))];
        return new OutputDeltas(runs, deltas[.._own], deltas[_own..], "");
    }

    private static Dictionary<string, OnnxTensor> Renamed(IReadOnlyDictionary<string, OnnxTensor> inputs, IReadOnlyList<string> names, int[] pairs, IReadOnlyList<string> others)
    {
        var renamed = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        for (int index = 0; index < names.Count; index++)
        {
            if (pairs[index] >= 0)
            {
                renamed[others[pairs[index]]] = inputs[names[index]];
            }
        }
        return renamed;
    }

    // For each name of the first its place in the second, -1 for none; null where the second would miss one.
    private static int[]? Pair(IReadOnlyList<string> first, IReadOnlyList<string> second, bool isPartial = false)
    {
        int[] places = [.. first.Select(name => IndexOf(second, name))];
        if (places.All(place => place < 0) && first.Count == second.Count)
        {
            return [.. Enumerable.Range(0, first.Count)];
        }
        return isPartial || places.Count(place => place >= 0) == second.Count ? places : null;
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int index = 0; index < names.Count; index++)
        {
            if (names[index] == name)
            {
                return index;
            }
        }
        return -1;
    }
}
