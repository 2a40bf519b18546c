namespace Edge.Graph.Execution;

/// <summary>Runs two sessions on the same inputs and adds up how far they lie apart.</summary>
internal sealed class ProofComparison(EngineSession expected, EngineSession actual, ProofOptions options, bool isRandom)
{
    private readonly Dictionary<string, TensorDistance> _distances = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _random = new(StringComparer.Ordinal);
    private int _runs;
    private string _failure = "";

    /// <summary>Compares on inputs that the source takes for certain.</summary>
    /// <exception cref="ModelFormatException">The engine refuses them in the source.</exception>
    internal void Run(IReadOnlyDictionary<string, OnnxTensor> inputs) => Compare(inputs, expected.RunNested(inputs));

    /// <summary>Compares on inputs that the source may refuse.</summary>
    /// <returns>False if it does; nothing was compared then.</returns>
    internal bool TryRun(IReadOnlyDictionary<string, OnnxTensor> inputs, out string message)
    {
        IReadOnlyList<IReadOnlyList<OnnxTensor>> wanted;
        try
        {
            wanted = expected.RunNested(inputs);
        }
        catch (ModelFormatException e)
        {
            message = e.Message;
            return false;
        }
        message = "";
        Compare(inputs, wanted);
        return true;
    }

    /// <summary>What all runs came to.</summary>
    /// <param name="reason">Why random inputs could not be compared, if so.</param>
    internal ProofResult ToResult(string reason)
    {
        OutputDifference[] outputs = [.. _distances.Values.Select(distance => distance.ToDifference()).OrderByDescending(difference => difference.Excess)];
        ProofResult Result(ProofVerdict verdict, string text) => new(verdict, _runs, outputs, text) { RandomOutputs = [.. _random] };
        if (_failure.Length > 0)
        {
            return Result(ProofVerdict.Differs, _failure);
        }
        if (outputs is [{ Outside: > 0 } worst, ..])
        {
            return Result(ProofVerdict.Differs, worst.ToString());
        }
        if (outputs.Length > 0)
        {
            return Result(ProofVerdict.Proven, "");
        }
        return Result(ProofVerdict.NotComparable, reason.Length > 0 ? reason : _random.Count > 0 ? "all that the model gives is random" : "no inputs were given");
    }

    private void Compare(IReadOnlyDictionary<string, OnnxTensor> inputs, IReadOnlyList<IReadOnlyList<OnnxTensor>> wanted)
    {
        if (_failure.Length > 0)
        {
            return;
        }
        FindRandomOutputs(inputs, wanted);
        IReadOnlyList<IReadOnlyList<OnnxTensor>> given;
        try
        {
            given = actual.RunNested(inputs);
        }
        catch (ModelFormatException e)
        {
            _failure = e.Message;
            return;
        }
        _runs++;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < actual.OutputNames.Count; index++)
        {
            places[actual.OutputNames[index]] = index;
        }
        for (int index = 0; index < wanted.Count; index++)
        {
            string name = expected.OutputNames[index];
            if (!places.TryGetValue(name, out int place))
            {
                _failure = $"output '{name}' is missing";
            }
            else
            {
                Compare(name, given[place], wanted[index]);
            }
        }
    }

    private void Compare(string name, IReadOnlyList<OnnxTensor> given, IReadOnlyList<OnnxTensor> wanted)
    {
        if (given.Count != wanted.Count)
        {
            _failure = $"output '{name}' holds {given.Count} tensors, {wanted.Count} are expected";
            return;
        }
        for (int index = 0; index < wanted.Count; index++)
        {
            if (given[index].Type != wanted[index].Type || !given[index].Dims.AsSpan().SequenceEqual(wanted[index].Dims))
            {
                // A random result may choose its own sizes.
                _failure = _random.Contains(name) ? _failure : $"output '{name}' is {given[index]}, {wanted[index]} is expected";
                return;
            }
        }
        if (_random.Contains(name))
        {
            return;
        }
        if (!_distances.TryGetValue(name, out TensorDistance? distance))
        {
            _distances[name] = distance = new TensorDistance(name, options);
        }
        for (int index = 0; index < wanted.Count; index++)
        {
            distance.Add(given[index], wanted[index]);
        }
    }

    // What differs between two runs of the source itself is drawn by lot.
    private void FindRandomOutputs(IReadOnlyDictionary<string, OnnxTensor> inputs, IReadOnlyList<IReadOnlyList<OnnxTensor>> wanted)
    {
        if (!isRandom)
        {
            return;
        }
        IReadOnlyList<IReadOnlyList<OnnxTensor>> again = expected.RunNested(inputs);
        for (int index = 0; index < wanted.Count; index++)
        {
            bool isSame = wanted[index].Count == again[index].Count && wanted[index].Zip(again[index]).All(pair => pair.First.ContentEquals(pair.Second));
            if (!isSame)
            {
                _random.Add(expected.OutputNames[index]);
                _distances.Remove(expected.OutputNames[index]);
            }
        }
    }
}
