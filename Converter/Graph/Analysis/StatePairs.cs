namespace Edge.Graph.Analysis;

/// <summary>Finds inputs that take what an output gave the run before: the memory of a model that works on a stream.</summary>
internal static class StatePairs
{
    private static readonly string[] Words = ["state", "hidden", "cache", "past", "present", "memory", "h", "c", "hn", "cn", "h0", "c0", "h_in", "h_out", "c_in", "c_out"];
    private static readonly HashSet<string> RecurrentOperators = ["LSTM", "GRU", "RNN"];

    internal static IEnumerable<Guess> Find(ModelFacts facts)
    {
        var taken = new HashSet<Value>();
        foreach (Value input in facts.Inputs)
        {
            bool isFed = FeedsState(input);
            Value? partner = facts.Outputs
                .Where(output => !taken.Contains(output) && IsSameTensor(input, output))
                .OrderByDescending(output => Alike(input.Name, output.Name))
                .FirstOrDefault(output => isFed || (ModelFacts.Says(Plain(input.Name), Words) && ModelFacts.Says(Plain(output.Name), Words)));
            if (partner is null || (!isFed && Alike(input.Name, partner.Name) < 1))
            {
                continue;
            }
            taken.Add(partner);
            bool isNamed = Alike(input.Name, partner.Name) > 0;
            Certainty certainty = isFed && isNamed ? Certainty.Certain : Certainty.Likely;
            string reason = isFed ? "it starts a recurrent layer, and the output has its shape" : "names and shapes pair up";
            yield return new Guess(input.Name, "state", $"state: zeros at first, then what '{partner.Name}' gave", certainty, reason);
            yield return new Guess(partner.Name, "state", $"state, to be given back as '{input.Name}'", certainty, reason);
        }
    }

    private static bool IsSameTensor(Value input, Value output)
    {
        if (input.ElementType != output.ElementType || input.Shape is not { } a || output.Shape is not { } b || a.Rank != b.Rank || a.Rank == 0)
        {
            return false;
        }
        for (int axis = 0; axis < a.Rank; axis++)
        {
            // Where one side is open, the other may be anything.
            if (a[axis].Size is { } x && b[axis].Size is { } y && x != y)
            {
                return false;
            }
        }
        return true;
    }

    // Does it reach the initial state of a recurrent layer, cut or reshaped on the way?
    private static bool FeedsState(Value input)
    {
        var pending = new Queue<(Value Value, int Depth)>([(input, 0)]);
        while (pending.TryDequeue(out (Value Value, int Depth) item))
        {
            foreach (Use use in item.Value.Uses)
            {
                if (RecurrentOperators.Contains(use.Node.OpType))
                {
                    if (use.Index is 5 or 6)
                    {
                        return true;
                    }
                    continue;
                }
                bool passes = use.Node.OpType is "Slice" or "Split" or "Squeeze" or "Unsqueeze" or "Gather" or "Reshape" or "Transpose" or "Identity" && use.Index == 0;
                if (passes && item.Depth < 4)
                {
                    foreach (Value? output in use.Node.Outputs)
                    {
                        if (output is not null)
                        {
                            pending.Enqueue((output, item.Depth + 1));
                        }
                    }
                }
            }
        }
        return false;
    }

    // 'stateN' and 'h1' say 'state' and 'h'.
    private static string Plain(string name) => name.TrimEnd('N', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '_');

    /// <summary>2 where only in and out, old and new tell the names apart, 1 where they begin alike, else 0.</summary>
    private static int Alike(string a, string b)
    {
        (string x, string y) = (Core(a), Core(b));
        if (x.Length > 0 && x == y)
        {
            return 2;
        }
        int common = 0;
        while (common < a.Length && common < b.Length && char.ToLowerInvariant(a[common]) == char.ToLowerInvariant(b[common]))
        {
            common++;
        }
        return common * 2 >= Math.Min(a.Length, b.Length) && common > 0 ? 1 : 0;
    }

    private static string Core(string name)
    {
        string core = name.ToLowerInvariant();
        foreach (string word in new[] { "past_key_values", "present_key_values", "present", "past", "output", "input", "prev", "next", "new", "old", "out", "in", "n" })
        {
            foreach (string mark in new[] { word + "_", word + "." })
            {
                core = core.StartsWith(mark, StringComparison.Ordinal) ? core[mark.Length..] : core;
            }
            core = core.EndsWith(word, StringComparison.Ordinal) && core.Length > word.Length ? core[..^word.Length] : core;
        }
        return core.Trim('_', '.');
    }
}
