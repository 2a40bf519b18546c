using Edge.Graph.Execution;
using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Analysis;

/// <summary>Runs two models in ONNX Runtime on the same inputs and measures how far apart their outputs lie.</summary>
public sealed class OutputComparison
{
    private const int RandomRuns = 4;

    private OutputComparison(int runs, IReadOnlyList<OutputDelta> outputs, string problem)
    {
        Runs = runs;
        Outputs = outputs;
        Problem = problem;
    }

    /// <summary>On how many inputs both ran.</summary>
    public int Runs { get; }

    /// <summary>Every output of the first model, in order; empty where nothing ran.</summary>
    public IReadOnlyList<OutputDelta> Outputs { get; }

    /// <summary>Why nothing ran; empty where something did.</summary>
    public string Problem { get; }

    /// <summary>True when all outputs were compared and none differs.</summary>
    public bool IsEqual => Problem.Length == 0 && Outputs.All(output => output.IsEqual);

    /// <summary>Compares two models on four sets of seeded random inputs.</summary>
    /// <param name="first">The first model; inputs are made after its graph.</param>
    /// <param name="second">The second. Inputs and outputs pair up by name, where none of a side's names is known to the other by position.</param>
    /// <param name="seed">Where the random inputs start.</param>
    /// <param name="shapes">A copy of the first whose inputs state sizes; null takes its own.</param>
    /// <param name="fill">Values that whole inputs are filled with, by name; others are random.</param>
    /// <exception cref="ModelFormatException">ONNX Runtime refuses a model.</exception>
    public static OutputComparison Run(OnnxModel first, OnnxModel second, int seed = 1, OnnxModel? shapes = null, IReadOnlyDictionary<string, double>? fill = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        using var a = new EngineSession(first, new EngineOptions { Quiet = true }, "the first model");
        using var b = new EngineSession(second, new EngineOptions { Quiet = true }, "the second model");
        if (Pair(a.InputNames, b.InputNames) is not { } inputNames)
        {
            return new OutputComparison(0, [], $"they take different inputs: {string.Join(", ", a.InputNames)} and {string.Join(", ", b.InputNames)}");
        }
        int[] outputs = [.. Pair(a.OutputNames, b.OutputNames, isPartial: true)!];
        var random = new FilledInputs(shapes ?? first, fill, seed);
        string problem = "";
        for (int attempt = 0; attempt < RandomInputs.AttemptCount; attempt++)
        {
            var sums = a.OutputNames.Select(_ => new DeltaSum()).ToArray();
            int run = 0;
            try
            {
                for (; run < RandomRuns; run++)
                {
                    if (random.Make(attempt, run, out string refusal) is not { } inputs)
                    {
                        return new OutputComparison(0, [], refusal);
                    }
                    IReadOnlyList<IReadOnlyList<OnnxTensor>> one = a.RunNested(inputs);
                    IReadOnlyList<IReadOnlyList<OnnxTensor>> other = b.RunNested(Renamed(inputs, a.InputNames, inputNames, b.InputNames));
                    for (int index = 0; index < one.Count; index++)
                    {
                        sums[index].Add(one[index], outputs[index] < 0 ? null : other[outputs[index]]);
                    }
                }
                return new OutputComparison(run, [.. sums.Select((sum, index) => sum.ToDelta(a.OutputNames[index]))], "");
            }
            catch (ModelFormatException e)
            {
                problem = problem.Length > 0 ? problem : e.Message;
            }
        }
        return new OutputComparison(0, [], problem);
    }

    private static Dictionary<string, OnnxTensor> Renamed(Dictionary<string, OnnxTensor> inputs, IReadOnlyList<string> names, int[] pairs, IReadOnlyList<string> others)
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

    private sealed class DeltaSum
    {
        private long _elements;
        private double _signal;
        private double _noise;
        private double _largest;
        private bool _differs;
        private long _rows;
        private long _sameRows;
        private string? _problem;

        internal void Add(IReadOnlyList<OnnxTensor> one, IReadOnlyList<OnnxTensor>? other)
        {
            if (other is null || one.Count != other.Count)
            {
                _problem ??= other is null ? "the second model has no such output" : "a list of another length";
                return;
            }
            for (int index = 0; index < one.Count; index++)
            {
                if (!one[index].Dims.AsSpan().SequenceEqual(other[index].Dims))
                {
                    _problem ??= $"{one[index]} against {other[index]}";
                    return;
                }
                if (!Numbers.TryFirst(one[index], out _) || !Numbers.TryFirst(other[index], out _))
                {
                    _differs |= !one[index].ContentEquals(other[index]);
                    _elements += one[index].Length;
                    continue;
                }
                Add(one[index], other[index]);
            }
        }

        internal OutputDelta ToDelta(string name) => new(
            name,
            _elements,
            _largest,
            _signal > 0 ? Math.Sqrt(_noise / _signal) : null,
            _noise > 0 && _signal > 0 ? 10 * Math.Log10(_signal / _noise) : null,
            _rows > 0 ? (double)_sameRows / _rows : null,
            !_differs && _problem is null,
            _problem);

        private void Add(OnnxTensor one, OnnxTensor other)
        {
            int width = one.Dims is [.., > 1 and <= int.MaxValue and var last] ? (int)last : 0;
            (int bestOne, int bestOther) = (0, 0);
            (double valueOne, double valueOther) = (double.NegativeInfinity, double.NegativeInfinity);
            for (int index = 0; index < one.Length; index++)
            {
                double a = Numbers.At(one, index) ?? double.NaN;
                double b = Numbers.At(other, index) ?? double.NaN;
                if (!a.Equals(b) && !(a == 0 && b == 0))
                {
                    double distance = Math.Abs(a - b);
                    _differs = true;
                    _largest = Math.Max(_largest, distance);
                    _noise += double.IsFinite(distance) ? distance * distance : 0;
                }
                _signal += double.IsFinite(a) ? a * a : 0;
                if (width == 0)
                {
                    continue;
                }
                int column = index % width;
                (bestOne, valueOne) = column == 0 || a > valueOne ? (column, a) : (bestOne, valueOne);
                (bestOther, valueOther) = column == 0 || b > valueOther ? (column, b) : (bestOther, valueOther);
                if (column == width - 1)
                {
                    _rows++;
                    _sameRows += bestOne == bestOther ? 1 : 0;
                }
            }
            _elements += one.Length;
        }
    }
}
