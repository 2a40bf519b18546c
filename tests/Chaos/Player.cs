using System.Collections.Concurrent;
using Edge.Foundation;

namespace Edge.Chaos;

/// <summary>Plays many histories.</summary>
public static class Player
{
    private const int Block = 1000;
    private const int ReplayEvery = 4;

    /// <summary>Plays histories; the same seed gives the same ones, however many threads there are.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which.</param>
    /// <param name="flaw">What is broken on purpose.</param>
    /// <param name="threads">How many at a time.</param>
    /// <param name="stopAtFailure">Whether the first failure is enough.</param>
    public static ChaosResult Play(long count, ulong seed, Flaw flaw = Flaw.None, int threads = 1, bool stopAtFailure = false)
    {
        long events = 0, crashes = 0, failures = 0, played = 0, next = 0;
        var ends = new ConcurrentDictionary<string, long>();
        var kinds = new ConcurrentDictionary<string, long>();
        string? first = null;
        object gate = new();
        void Work()
        {
            var history = new History();
            var mine = new Dictionary<string, long>();
            while (Interlocked.Add(ref next, Block) - Block is long start && start < count && !(stopAtFailure && Volatile.Read(ref failures) > 0))
            {
                for (long i = start; i < Math.Min(start + Block, count); i++)
                {
                    ulong own = SplitMix64.Mix(seed, (ulong)i);
                    string? failure = history.Play(own, flaw, i % ReplayEvery == 0);
                    string end = history.End.ToString();
                    mine[end] = mine.GetValueOrDefault(end) + 1;
                    if (failure is not null)
                    {
                        Interlocked.Increment(ref failures);
                        kinds.AddOrUpdate(failure, 1, (_, sum) => sum + 1);
                        lock (gate)
                        {
                            first ??= $"{failure} (history {i} of seed {seed})";
                        }
                    }
                }
                Interlocked.Add(ref played, Math.Min(Block, count - start));
            }
            Interlocked.Add(ref events, history.Events);
            Interlocked.Add(ref crashes, history.Crashes);
            foreach ((string end, long number) in mine)
            {
                ends.AddOrUpdate(end, number, (_, sum) => sum + number);
            }
        }
        Thread[] workers = [.. Enumerable.Range(0, Math.Max(1, threads)).Select(_ => new Thread(Work))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return new ChaosResult(played, events, crashes, failures, first) { Ends = ends.OrderBy(item => item.Key).ToDictionary(), Broken = kinds.ToDictionary() };
    }
}
