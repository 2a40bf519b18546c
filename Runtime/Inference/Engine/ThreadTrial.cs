using System.Diagnostics;

namespace Edge.Inference;

/// <summary>Finds out how many threads a model is fastest with on this machine, by a few runs with each number.</summary>
internal static class ThreadTrial
{
    /// <summary>More threads must save at least this share of the time: they cost energy, and other pipelines want cores too.</summary>
    private const double WorthWhile = 0.9;
    private const int WarmUpRuns = 2;
    private const int LeastRuns = 3;
    private const int MostRuns = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(40);

    /// <summary>Loads the model with 1, 2, 4, … threads up to one a processor, and keeps the best of them.</summary>
    /// <param name="load">Loads the model with so many threads.</param>
    /// <returns>The loaded model, which the caller disposes.</returns>
    internal static LoadedModel Open(Func<int, LoadedModel> load)
    {
        LoadedModel best = load(1);
        try
        {
            TimeSpan least = Measure(best);
            for (int threads = 2; threads <= Environment.ProcessorCount; threads *= 2)
            {
                LoadedModel candidate = load(threads);
                TimeSpan time = Measure(candidate);
                bool better = time < least * WorthWhile;
                (better ? best : candidate).Dispose();
                if (!better)
                {
                    break;
                }
                (best, least) = (candidate, time);
            }
            return best;
        }
        catch
        {
            best.Dispose();
            throw;
        }
    }

    // The fastest run: whatever else the machine does only makes runs slower.
    private static TimeSpan Measure(LoadedModel model)
    {
        using ModelSession session = model.CreateSession();
        for (int i = 0; i < WarmUpRuns; i++)
        {
            session.Run();
        }
        TimeSpan least = TimeSpan.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < MostRuns && (i < LeastRuns || Stopwatch.GetElapsedTime(begin) < Patience); i++)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run();
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            least = time < least ? time : least;
        }
        return least;
    }
}
