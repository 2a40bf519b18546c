using System.Diagnostics;
using Edge.Graph;
using Edge.Inference;

namespace Edge.Quantizer.Speed;

/// <summary>
/// Measures models in turn, round by round, on the engine as the device runs it: a machine that slows down slows them all.
/// </summary>
public static class LatencyRace
{
    private const int WarmUpRounds = 3;

    /// <summary>Runs models in turn.</summary>
    /// <param name="models">The models; they take the same inputs, and open sizes count as 1.</param>
    /// <param name="inputs">What they are given, by name; inputs that are missing stay zero.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="budget">About how long to measure.</param>
    /// <param name="rounds">How many rounds at least; three warm up.</param>
    /// <returns>The milliseconds of every round, for each model.</returns>
    /// <exception cref="InferenceException">The engine refuses a model.</exception>
    public static IReadOnlyList<double[]> Run(IReadOnlyList<OnnxModel> models, IReadOnlyDictionary<string, OnnxTensor> inputs, int threads, TimeSpan budget, int rounds = 15)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(inputs);
        var sessions = new List<ModelSession>();
        try
        {
            foreach (OnnxModel model in models)
            {
                var session = new ModelSession(model.ToBytes(), new SessionSettings { Threads = threads });
                sessions.Add(session);
                for (int index = 0; index < session.Inputs.Count; index++)
                {
                    if (inputs.TryGetValue(session.Inputs[index].Name, out OnnxTensor? tensor))
                    {
                        Span<byte> target = session.InputBytes(index);
                        tensor.Bytes.Span[..Math.Min(target.Length, tensor.Bytes.Length)].CopyTo(target);
                    }
                }
            }
            return Measure(sessions, budget, rounds);
        }
        finally
        {
            sessions.ForEach(session => session.Dispose());
        }
    }

    /// <summary>How many times as fast a model is as another, by the median of their rounds' ratios.</summary>
    /// <param name="slow">The other's rounds.</param>
    /// <param name="fast">The model's rounds.</param>
    public static double Speedup(IReadOnlyList<double> slow, IReadOnlyList<double> fast) => Median(slow.Zip(fast, (one, other) => one / other));

    /// <summary>The middle of some numbers.</summary>
    /// <param name="values">The numbers; at least one.</param>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[][] Measure(List<ModelSession> sessions, TimeSpan budget, int rounds)
    {
        List<double>[] times = [.. sessions.Select(_ => new List<double>())];
        long begin = Stopwatch.GetTimestamp();
        for (int round = -WarmUpRounds; round < rounds || Stopwatch.GetElapsedTime(begin) < budget; round++)
        {
            for (int index = 0; index < sessions.Count; index++)
            {
                // The order turns, so that none always runs behind the same other.
                int turn = (index + round + WarmUpRounds) % sessions.Count;
                long start = Stopwatch.GetTimestamp();
                sessions[turn].Run();
                if (round >= 0)
                {
                    times[turn].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }
        return [.. times.Select(list => list.ToArray())];
    }
}
