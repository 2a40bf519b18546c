using Edge.Graph;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Speed;

/// <summary>
/// Finds the layers whose int8 kernels pay on this machine. The engine's profile of the float and of the fully quantized model
/// prices each layer both ways, a minimum cut weighs them against the conversions between, and what it proposes is run in turn
/// with the float model: only measured gains count.
/// </summary>
public static class SpeedPolicy
{
    /// <summary>Less than this is noise.</summary>
    public const double LeastGain = 1.02;

    // Nanoseconds an element for rounding, restoring and changing the layout; what the cut assumes is tried at several prices.
    private static readonly double[] ConversionPrices = [0.15, 0.5, 1.5, 5];
    private static readonly TimeSpan Heat = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Final = TimeSpan.FromSeconds(3);
    private const int Finalists = 3;
    private const int MostRegions = 12;

    /// <summary>Chooses.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize; what it keeps float stays float.</param>
    /// <param name="samples">Some inputs, with a batch of one.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="cancellation">Stops between two measurements.</param>
    /// <exception cref="QuantizationException">There is no sample, or a weight cannot be quantized.</exception>
    public static SpeedResult Choose(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0)
        {
            throw new QuantizationException("there is no sample to measure with; give a calibration set");
        }
        OnnxModel all = StaticQuantizer.Build(prepared, statistics, options).Model;
        var layers = new LayerTimes(prepared, all, options.Target, samples, threads, options.KeepFloat);
        var entries = new List<Entry> { new("float", [.. layers.Names.Select(_ => false)], prepared.Model), new("everything quantized", [.. layers.Names.Select(_ => true)], all) };
        foreach (double price in ConversionPrices)
        {
            Entry entry = Make(FormattableString.Invariant($"cheapest by profile at {price} ns a conversion"), Cut(layers, price));
            if (!entries.Exists(other => other.Choice.AsSpan().SequenceEqual(entry.Choice)))
            {
                entries.Add(entry);
            }
        }
        Entry best = Race(entries);
        if (!ReferenceEquals(best, entries[0]))
        {
            best = Trim(best);
        }
        return Result(best);

        // Layers that only follow others stay float where those do: the entry holds what was really quantized.
        Entry Make(string name, bool[] choice)
        {
            QuantizedModel built = StaticQuantizer.Build(prepared, statistics, options with { KeepFloat = Kept(layers, choice, options.KeepFloat) });
            return new Entry(name, [.. layers.Names.Select(built.QuantizedNames.Contains)], built.Model);
        }

        // A heat for all, a final for the fastest; the float model runs in both.
        Entry Race(List<Entry> runners)
        {
            cancellation.ThrowIfCancellationRequested();
            Measure(runners, Heat);
            Entry[] finalists = [.. runners.Skip(1).OrderByDescending(entry => entry.Speedup).Take(Finalists)];
            if (finalists.Length == 0)
            {
                return runners[0];
            }
            Measure([runners[0], .. finalists], Final);
            Entry fastest = finalists.MaxBy(entry => entry.Speedup)!;
            return fastest.Speedup >= LeastGain ? fastest : runners[0];
        }

        void Measure(List<Entry> runners, TimeSpan budget)
        {
            IReadOnlyList<double[]> times = LatencyRace.Run([.. runners.Select(entry => entry.Model)], samples[0], threads, budget);
            for (int index = 0; index < runners.Count; index++)
            {
                runners[index].Speedup = LatencyRace.Speedup(times[0], times[index]);
            }
        }

        // Each region of quantized layers must pay for itself: without it the model must be slower.
        Entry Trim(Entry from)
        {
            foreach (bool[] without in Regions(layers, from.Choice).Take(MostRegions))
            {
                cancellation.ThrowIfCancellationRequested();
                Entry trial = Make("without a region that does not pay", without);
                IReadOnlyList<double[]> times = LatencyRace.Run([prepared.Model, from.Model, trial.Model], samples[0], threads, TimeSpan.FromSeconds(0.7));
                if (LatencyRace.Speedup(times[1], times[2]) > LeastGain)
                {
                    trial.Speedup = LatencyRace.Speedup(times[0], times[2]);
                    entries.Add(trial);
                    from = trial;
                }
            }
            return from;
        }

        SpeedResult Result(Entry chosen)
        {
            SpeedVariant[] variants = [.. entries.OrderByDescending(entry => ReferenceEquals(entry, chosen)).Select(entry =>
                new SpeedVariant(entry.Name, layers.Computes.Where((computes, index) => computes && entry.Choice[index]).Count(), entry.Speedup))];
            return new SpeedResult(
                Kept(layers, chosen.Choice, options.KeepFloat),
                [.. layers.Names.Select((name, index) => new LayerSpeed(name, layers.Float[index], layers.Int8[index], chosen.Choice[index]))],
                variants);
        }
    }

    private static bool[] Cut(LayerTimes layers, double nanosecondsPerElement)
    {
        var cut = new MinimumCut(layers.Names.Count);
        double[] anyway = new double[layers.Names.Count];
        foreach ((int from, int to, double elements) in layers.Edges)
        {
            double cost = elements * nanosecondsPerElement * 1e-6;
            if (from >= 0 && to >= 0)
            {
                cut.Neighbours(from, to, cost);
            }
            else
            {
                anyway[Math.Max(from, to)] += cost;
            }
        }
        for (int index = 0; index < layers.Names.Count; index++)
        {
            cut.Item(index, layers.Float[index], layers.Int8[index] + anyway[index]);
        }
        return cut.Solve();
    }

    // The connected regions of quantized layers, the least promising first, each as the choice without it.
    private static IEnumerable<bool[]> Regions(LayerTimes layers, bool[] choice)
    {
        int[] region = [.. Enumerable.Range(0, choice.Length)];
        int Root(int index)
        {
            while (region[index] != index)
            {
                index = region[index];
            }
            return index;
        }
        foreach ((int from, int to, _) in layers.Edges)
        {
            if (from >= 0 && to >= 0 && choice[from] && choice[to])
            {
                region[Root(from)] = Root(to);
            }
        }
        int[][] regions = [.. Enumerable.Range(0, choice.Length).Where(index => choice[index]).GroupBy(Root).Select(group => group.ToArray())];
        return regions.Length < 2 ? [] : regions.OrderBy(items => items.Sum(index => layers.Float[index] - layers.Int8[index])).Select(items => choice.Select((chosen, index) => chosen && !items.Contains(index)).ToArray());
    }

    private static Dictionary<string, string> Kept(LayerTimes layers, bool[] choice, IReadOnlyDictionary<string, string> already)
    {
        var kept = new Dictionary<string, string>(already, StringComparer.Ordinal);
        for (int index = 0; index < choice.Length; index++)
        {
            if (!choice[index])
            {
                kept.TryAdd(layers.Names[index], FormattableString.Invariant($"faster as float on this machine ({layers.Float[index]:F3} ms, int8 {layers.Int8[index]:F3} ms, conversions apart)"));
            }
        }
        return kept;
    }

    private sealed class Entry(string name, bool[] choice, OnnxModel model)
    {
        internal string Name => name;

        internal bool[] Choice => choice;

        internal OnnxModel Model => model;

        internal double Speedup { get; set; } = 1;
    }
}
